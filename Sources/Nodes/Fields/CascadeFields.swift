import Scoring
import Topology

/// The cheaper scores that settle an explanation, so that no judge is asked.
struct CascadeFields: Sendable {
    private static let below = Field.optionalNumber(
        "settle_below", 0...1,
        """
        With scores among the inputs: an explanation whose score there lies below this with its whole interval is \
        settled as not interpretable, and no judge is asked.
        """)
    private static let above = Field.optionalNumber(
        "settle_above", 0...1,
        """
        With scores among the inputs: an explanation whose score there lies above this with its whole interval is \
        settled as interpretable, and no judge is asked.
        """)
    static let fields = [below.schema, above.schema]

    let below: Double?
    let above: Double?
    /// The least score with which an explanation counts as interpretable.
    let threshold: Double

    init(_ node: Node, threshold: Double) throws(TopologyError) {
        below = try node[Self.below]
        above = try node[Self.above]
        self.threshold = threshold
    }

    /// The reason why the scores of some nodes cannot settle explanations; `nil` if they can, or need not.
    func fault(gates: [any Scores]) -> String? {
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
        // For nodes that ask a judge, the moment at which they are finished with an explanation is unknown.
        guard let dear = gates.first(where: { !type(of: $0).settles }) else { return nil }
        let settling = ScoringMethods.all.filter { $0.settles }.map { $0.name }
        return "reads the scores of \(dear.id), but only those of \(settling.joined(separator: " and ")) nodes settle"
    }
}
