import Dataflow
import Elements
import Running
import Topology

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

    /// Gives a node a port of its own for one type of edge.
    func admit<Batch: EdgeBatch>(_ type: Batch.Type, to node: Node, by connect: @escaping () -> Connection<Batch>) {
        inlets[Place(node: node.id, edge: Batch.edge)] = connect
    }

    /// The port at which a node sends; output that no stage reads goes to `unread`, if that is given.
    func output<Batch: EdgeBatch>(
        of node: Node, timers: StageTimers, unread: Connection<Batch>? = nil
    ) -> OutputPort<Batch> {
        let port = OutputPort<Batch>(timers: timers)
        connectors.append { [self] in
            let readers = graph.readers(of: node)
            for reader in readers { port.connect(to: try connection(into: reader.id, from: node)) }
            if readers.isEmpty, let unread { port.connect(to: unread) }
        }
        return port
    }

    /// A connection into the port that a reader has for what a node sends.
    ///
    /// - Throws: `DaemonError` if it has none.
    func connection<Batch: EdgeBatch>(into reader: String, from node: Node) throws -> Connection<Batch> {
        guard let connection = inlets[Place(node: reader, edge: Batch.edge)]?() as? Connection<Batch> else {
            throw DaemonError(.runtime, "\(reader) has no port for the \(Batch.edge) of \(node.id)")
        }
        return connection
    }

    /// Connects every output with its readers.
    func connect() throws {
        for connector in connectors { try connector() }
        connectors = []
    }
}
