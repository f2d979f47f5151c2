public import Hashing

/// The settings of a topology's state.
public struct StateSettings: Sendable, Hashable {
    /// The directory, as it is written.
    public let directory: String
    /// The time between checkpoints, in milliseconds.
    public let checkpointMilliseconds: Int
    /// The budget of memory that evidence, explaining and scoring are kept within, in bytes.
    public let memoryBytes: Int

    /// Makes settings.
    public init(directory: String, checkpointMilliseconds: Int, memoryBytes: Int) {
        self.directory = directory
        self.checkpointMilliseconds = checkpointMilliseconds
        self.memoryBytes = memoryBytes
    }
}

/// The budget for the servers of a topology, over all of its runs together.
public struct Budget: Sendable, Hashable {
    /// The most tokens sent and received; `nil` for no limit.
    public let tokens: Int?
    /// The most money, by the prices of the models; `nil` for no limit.
    public let cost: Double?

    /// Makes a budget.
    public init(tokens: Int?, cost: Double?) {
        self.tokens = tokens
        self.cost = cost
    }
}

/// The most that clients may hold of the HTTP server.
public struct HTTPLimits: Sendable, Hashable {
    /// The connections that may be open at once.
    public let connections: Int
    /// The time in milliseconds in which a request must be whole.
    public let requestMilliseconds: Int
    /// The time in milliseconds that a connection may be open without a request.
    public let idleMilliseconds: Int

    /// Makes limits; times are in milliseconds.
    public init(connections: Int, requestMilliseconds: Int, idleMilliseconds: Int) {
        self.connections = connections
        self.requestMilliseconds = requestMilliseconds
        self.idleMilliseconds = idleMilliseconds
    }
}

/// The settings of the HTTP server.
public struct HTTPSettings: Sendable {
    /// The host and port to listen at.
    public let address: String
    /// The bearer token that requests must carry, if one is asked for.
    public let token: Secret?
    /// The bearer token that requests must carry which change something; `nil` if none may.
    public let writeToken: Secret?
    /// The most that clients may hold of the server.
    public let limits: HTTPLimits
    /// The place of the address in the file.
    public let mark: SourceMark

    /// Makes settings; `address` is a host and a port, an IPv6 address in brackets.
    public init(address: String, token: Secret?, writeToken: Secret? = nil, limits: HTTPLimits, mark: SourceMark) {
        self.address = address
        self.token = token
        self.writeToken = writeToken
        self.limits = limits
        self.mark = mark
    }

    /// The host, an IPv6 address without its brackets.
    public var host: String {
        let host = address[..<(address.lastIndex(of: ":") ?? address.endIndex)]
        return String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host)
    }

    /// The port; 0 for any that is free.
    public var port: Int { address.lastIndex(of: ":").flatMap { Int(address[address.index(after: $0)...]) } ?? 0 }

    /// Whether only programs on this machine can reach the address.
    public var isLoopback: Bool { Self.isLoopback(host) }

    /// Whether a host's name or address means this machine only.
    public static func isLoopback(_ host: String) -> Bool {
        if ["localhost", "::1"].contains(host.lowercased()) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// A topology file that was read and found without errors.
public struct Topology: Sendable {
    /// The version of the file's form.
    public let version: Int
    /// The topology's name.
    public let name: String
    /// The place of the name in the file.
    public let nameMark: SourceMark
    /// The settings of its state.
    public let state: StateSettings
    /// The settings of the HTTP server; `nil` if there is none.
    public let httpSettings: HTTPSettings?
    /// The budget for servers; `nil` if there is none.
    public let budget: Budget?
    /// How its processes share the work; `nil` if it runs in one process only.
    public let shuffle: ShuffleSettings?
    /// The models by name.
    public let models: [String: ModelEntry]
    /// The nodes, in the order of the file.
    public let nodes: [Node]
    /// A digest of all that decides what the topology computes: everything but secrets, prices, `budget`, `shuffle`, `state.directory`
    /// and `http`.
    public let digest: Hash128
    /// The places in the file of its own settings, by their paths, and of its sections, by their names.
    let marks: [String: SourceMark]
    private let indices: [String: Int]
    private let order: [Int]

    /// The host and port at which HTTP is served.
    public var http: String? { httpSettings?.address }

    init(header: TopologyHeader, models: [String: ModelEntry], nodes: [Node], order: [Int]) {
        version = header.version
        name = header.name
        nameMark = header.nameMark
        state = header.state
        httpSettings = header.http
        budget = header.budget
        shuffle = header.shuffle
        marks = header.marks
        self.models = models
        self.nodes = nodes
        self.order = order
        indices = Dictionary(nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        digest = TopologyDigester(models: models).digest(header: header, nodes: nodes)
    }

    /// The place of one of its own settings, such as `state.memory`; that of its section or its name if it is not in the file.
    public func mark(of setting: String) -> SourceMark {
        let section = setting.split(separator: ".").first.map(String.init) ?? setting
        return marks[setting] ?? marks[section] ?? nameMark
    }

    /// A node by its id.
    public func node(_ id: String) -> Node? { indices[id].map { nodes[$0] } }

    /// The nodes, each after all that it reads; sources first, in the order of the file.
    public var topologicalOrder: [Node] { order.map { nodes[$0] } }
}

/// The settings in the file besides models and nodes.
struct TopologyHeader: Sendable {
    var version: Int
    var name: String
    var nameMark: SourceMark
    var state: StateSettings
    var http: HTTPSettings?
    var budget: Budget?
    var shuffle: ShuffleSettings?
    /// The places in the file, by path.
    var marks: [String: SourceMark] = [:]
}
