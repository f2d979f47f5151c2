import Dataflow
import Store
import Topology

/// A place results go: what a sink node of a topology is opened as.
///
/// A kind of sink is a type of its own and a line in `SinkKinds`.
protocol ResultSink: Sendable {
    /// The type that names the kind in a topology.
    static var type: String { get }

    /// Opens the sink of a node; must not wait for anybody to answer.
    ///
    /// - Throws: If the node's settings cannot be used.
    init(_ node: Node, of topology: Topology, options: RunOptions) throws

    /// Delivers messages and returns when all are delivered.
    ///
    /// A message may come again after a failure or a restart, with the same `dedupe`.
    /// - Parameter onDelivered: Called after each delivery, so that a slow sink is not taken for one that hangs; must not
    ///   wait.
    /// - Throws: If any of them was not delivered, for whatever reason; all are then sent again.
    func send(contentsOf messages: [OutboxMessage], onDelivered: @escaping @Sendable () -> Void) async throws

    /// Lets everything go.
    func close() async
}

/// The kinds of sink that a topology can name.
enum SinkKinds {
    static let all: [any ResultSink.Type] = [KafkaResultSink.self]

    /// Opens the sinks of a topology, by node.
    static func open(_ topology: Topology, options: RunOptions) throws -> [String: any ResultSink] {
        var sinks: [String: any ResultSink] = [:]
        for node in topology.nodes where node.kind == .sink {
            guard let kind = all.first(where: { $0.type == node.schema.type }) else {
                throw DaemonError(.configuration, "\(node.id): no sink is of type `\(node.schema.type)`")
            }
            sinks[node.id] = try kind.init(node, of: topology, options: options)
        }
        return sinks
    }
}
