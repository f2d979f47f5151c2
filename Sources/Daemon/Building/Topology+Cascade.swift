import Dataflow
import Scoring
import Topology

extension Topology {
    /// The score nodes among a node's inputs, in the order in which they are named.
    func scoreNodes(readBy node: Node) -> [Node] {
        node.inputs.compactMap { self.node($0.node) }.filter { $0.schema.type == "score" }
    }

    /// Why a score node cannot settle explanations by the scores that it reads; `nil` where it can or does not want to.
    func cascadeFault(of node: Node) -> String? {
        let gates = scoreNodes(readBy: node)
        let (below, above) = (node.number("settle_below"), node.number("settle_above"))
        guard !gates.isEmpty else {
            return below == nil && above == nil
                ? nil
                : "has `settle_below` or `settle_above`, but no scores among its `inputs` to settle by"
        }
        guard below != nil || above != nil else {
            return "reads scores, but has neither `settle_below` nor `settle_above`: say which scores settle"
        }
        if let below, let above, below > above {
            return "has a `settle_below` above its `settle_above`, so that a score could settle both ways"
        }
        let settling = ScoringMethods.all.filter { $0.settles }.map { $0.name }
        guard let dear = gates.first(where: { !settling.contains($0.schema.variant?.value ?? "") }) else { return nil }
        return "reads the scores of \(dear.id), but only those of \(settling.joined(separator: " and ")) nodes settle"
    }
}
