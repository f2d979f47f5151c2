import Dataflow
import Topology

/// The channels of all edges that carry one type of batch.
final class Edges<Batch: Weighed> {
    private struct Edge: Hashable {
        let from: String
        let to: String
    }

    private let topology: Topology
    private let capacity: Int
    private let keepsLatestOnly: Bool
    private var channels: [Edge: BoundedChannel<Flow<Batch>>] = [:]

    /// Makes a table; `capacity` bounds each channel in bytes, `keepsLatestOnly` lets a new batch replace a waiting one.
    init(_ topology: Topology, capacity: Int, keepsLatestOnly: Bool = false) {
        self.topology = topology
        self.capacity = capacity
        self.keepsLatestOnly = keepsLatestOnly
    }

    /// One channel to each stage that reads the node's main output.
    func outputs(of node: String) -> [BoundedChannel<Flow<Batch>>] {
        topology.nodes.filter { reader in
            reader.kind == .stage && reader.inputs.contains { $0.node == node && $0.port == nil }
        }.map { channel(from: node, to: $0.id) }
    }

    /// What flows into a node, barriers aligned; of a node that takes several types, from those inputs that give `type`.
    func input(of node: Node, giving type: EdgeType? = nil) -> FlowSequence<Batch> {
        merged(
            inputs(of: node, giving: type).map { channel(from: $0.node, to: node.id) as FlowSequence<Batch> },
            capacity: capacity)
    }

    /// The inputs of a node that give `type`, or all.
    func inputs(of node: Node, giving type: EdgeType?) -> [NodeReference] {
        node.inputs.filter { input in type.map { $0 == topology.node(input.node)?.schema.output } ?? true }
    }

    private func channel(from: String, to: String) -> BoundedChannel<Flow<Batch>> {
        let edge = Edge(from: from, to: to)
        if let channel = channels[edge] { return channel }
        let channel =
            if keepsLatestOnly {
                BoundedChannel<Flow<Batch>>(
                    capacity: .max,
                    supersedes: { new, _ in
                        if case .batch = new { true } else { false }
                    }, weigh: \.weight)
            } else {
                BoundedChannel<Flow<Batch>>(capacity: capacity, weigh: \.weight)
            }
        channels[edge] = channel
        return channel
    }
}
