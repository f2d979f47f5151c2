import Stages
import TerminalText

/// The memory that a topology's evidence can take, and the memory for explaining and scoring it.
///
/// Both are independent of the number of tokens. Not included: models, batches under way, memory kept by the allocator.
package struct TopologyMemory: Sendable {
    /// The most bytes that all reservoirs can take.
    package let evidence: Int
    /// The bytes that explain and score nodes take at most on usual text, all of them at work at once.
    package let explaining: Int

    /// The sum of both.
    package var bytes: Int {
        let (sum, overflows) = evidence.addingReportingOverflow(explaining)
        return overflows ? .max : sum
    }

    /// Adds up the memory of a graph's nodes with a number of threads; opens coders and caches, so it blocks.
    ///
    /// - Throws: The errors of opening them, and those of the nodes' fields.
    package init(of graph: Graph, cores: Int) throws {
        var (evidence, explaining) = (0.0, 0.0)
        for reservoir in graph.all((any Samples).self) {
            let plan = try reservoir.plan(in: graph)
            let shape = try graph.codes(above: reservoir.node).shape(in: graph)
            evidence += Double(plan.memoryBound(latents: shape.latents))
            let readers = graph.all((any TakesLatents).self).filter { node in
                graph.nearest((any Samples).self, above: node.node).contains { $0.id == reservoir.id }
            }
            explaining += ScoringMemory(plan, latents: shape.latents, active: shape.active, cores: cores)
                .bytes(of: readers)
        }
        explaining += Double(EmbeddingSource.maximumBytes) * Double(graph.encoders.count)
        (self.evidence, self.explaining) = (Int(min(evidence, 0x1p62)), Int(min(explaining, 0x1p62)))
    }

    /// The remedy if it is too much.
    package static let remedy = "lower `sample`, `top` or `pool` of the reservoirs"

    /// The message if a topology's `state.memory` does not allow it; `nil` if it does.
    package func excess(over allowed: Int) -> String? {
        guard bytes > allowed else { return nil }
        return "\(text), but state.memory allows \(ByteText(allowed)): raise it, or \(Self.remedy)"
    }

    /// A description of it, such as `evidence takes at most 1.3 GiB, explaining and scoring it 2 GiB more`.
    package var text: String {
        let text = "evidence takes at most \(ByteText(evidence))"
        return explaining == 0 ? text : "\(text), explaining and scoring it \(ByteText(explaining)) more"
    }
}
