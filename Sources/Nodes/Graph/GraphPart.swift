/// The two parts of a graph that run on their own, with nothing between them but the latest evidence.
package enum GraphPart: Sendable, Hashable, CaseIterable {
    /// From the sources to the reservoirs: what checkpoints are cut through.
    case ingest
    /// Explain and score nodes, which work behind the checkpoint and can be built anew while the rest goes on.
    case explaining
}

extension Graph {
    /// The definitions of some parts, each after all that it reads.
    func inOrder(of parts: Set<GraphPart>) -> [any NodeDefinition] {
        inOrder.filter { parts.contains($0 is any TakesLatents ? .explaining : .ingest) }
    }

    /// The explain and score nodes, by id.
    package var explainingNodes: Set<String> { Set(all((any TakesLatents).self).map(\.id)) }

    /// The sinks, by id.
    package var sinkNodes: Set<String> { Set(all((any TakesResults).self).map(\.id)) }
}
