public import Hashing

/// The owner of a state directory: a topology, and the settings of those of its nodes that keep state.
public struct TopologyIdentity: Sendable, Hashable {
    /// The topology's name.
    public let name: String
    /// A hash of the whole topology file as it was read.
    public let digest: Hash128
    /// By id of each node that keeps state: a hash of everything its state depends on.
    public let nodes: [String: Hash128]
    /// By id of each node that keeps state: the settings behind that hash, of the node and of those above it, for messages.
    public let settings: [String: [StateSetting]]

    /// Makes an identity.
    public init(
        name: String, digest: Hash128, nodes: [String: Hash128], settings: [String: [StateSetting]] = [:]
    ) {
        self.name = name
        self.digest = digest
        self.nodes = nodes
        self.settings = settings
    }
}

/// One setting that the state of a node depends on.
public struct StateSetting: Sendable, Hashable, Codable {
    /// The id of the node that has it; like an id of a stage, it may change without changing the state.
    public let node: String
    /// The type of that node, by which settings are compared.
    public let type: String
    /// The field's name.
    public let field: String
    /// Its value, or for a file the start of a digest of its contents.
    public let value: String

    /// Makes a setting.
    public init(node: String, type: String, field: String, value: String) {
        self.node = node
        self.type = type
        self.field = field
        self.value = value
    }
}
