import Dataflow
import Elements
import Topology

/// A batch that crosses an edge of the topology.
protocol EdgeBatch: Weighed {
    /// The type of the edges that carry it.
    static var edge: EdgeType { get }
    /// The most bytes that wait on an edge.
    static var capacity: Int { get }
    /// Whether a new batch replaces those that wait.
    static var keepsLatestOnly: Bool { get }
}

extension EdgeBatch {
    static var keepsLatestOnly: Bool { false }

    /// A port for it.
    static func port(timers: StageTimers) -> InputPort<Self> {
        InputPort(capacity: capacity, keepsLatestOnly: keepsLatestOnly, timers: timers)
    }
}

// A barrier waits for what the queues hold before it, so the cheap ends of the topology hold little.
extension DocumentBatch: EdgeBatch {
    static var edge: EdgeType { .documents }
    static var capacity: Int { 4 << 10 }
}
extension ContextBatch: EdgeBatch {
    static var edge: EdgeType { .contexts }
    static var capacity: Int { 8 << 10 }
}
extension ActivationBatch: EdgeBatch {
    static var edge: EdgeType { .activations }
    static var capacity: Int { 64 << 20 }
}
extension CodeBatch: EdgeBatch {
    static var edge: EdgeType { .codes }
    static var capacity: Int { 16 << 20 }
}
extension EvidenceUpdate: EdgeBatch {
    static var edge: EdgeType { .evidence }
    static var capacity: Int { 1 }
    static var keepsLatestOnly: Bool { true }
}
extension ExplanationBatch: EdgeBatch {
    static var edge: EdgeType { .explanations }
    static var capacity: Int { 1 << 20 }
}
extension ScoreBatch: EdgeBatch {
    static var edge: EdgeType { .scores }
    static var capacity: Int { 1 << 20 }
}

/// The ports of a topology's nodes: made while the nodes are built, in any order, and connected once all are.
final class Wiring {
    private struct Place: Hashable {
        let node: String
        let edge: EdgeType
    }

    private let graph: Graph
    /// By reader and type of edge: makes a `Connection` of that type's batches.
    private var inlets: [Place: () -> Any] = [:]
    private var connectors: [() throws -> Void] = []

    init(_ graph: Graph) { self.graph = graph }

    /// The port at which a node receives one type of batch.
    func input<Batch: EdgeBatch>(of node: Node, timers: StageTimers) -> InputPort<Batch> {
        let port = Batch.port(timers: timers)
        admit(Batch.self, to: node) { port.connect() }
        return port
    }

    /// Lets what reaches a node on one type of edge into a port of its own.
    func admit<Batch: EdgeBatch>(_ type: Batch.Type, to node: Node, by connect: @escaping () -> Connection<Batch>) {
        inlets[Place(node: node.id, edge: Batch.edge)] = connect
    }

    /// The port at which a node sends; what no stage reads goes to `unread`, if that is given.
    func output<Batch: EdgeBatch>(
        of node: Node, timers: StageTimers, unread: Connection<Batch>? = nil
    ) -> OutputPort<Batch> {
        let port = OutputPort<Batch>(timers: timers)
        connectors.append { [self] in
            let readers = graph.readers(of: node)
            for reader in readers {
                guard let connection = inlets[Place(node: reader.id, edge: Batch.edge)]?() as? Connection<Batch> else {
                    throw DaemonError(.runtime, "\(reader.id) has no port for the \(Batch.edge) of \(node.id)")
                }
                port.connect(to: connection)
            }
            if readers.isEmpty, let unread { port.connect(to: unread) }
        }
        return port
    }

    /// Connects every output with its readers.
    func connect() throws {
        for connector in connectors { try connector() }
        connectors = []
    }
}
