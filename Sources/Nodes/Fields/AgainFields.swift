import Lineage
import Topology

/// The fields that decide when an explain node explains a latent again.
struct AgainFields: Sendable {
    static let regrowth = Field.integer(
        "regrowth", 0...1_048_576, default: 4,
        """
        A latent is explained again once the number of windows in which it fired has grown by this factor; 0 for \
        never. The new explanation replaces the old one if the score nodes that read it find it better on the same \
        held-out windows; without a score node nothing is explained again.
        """)
    static let drift = Field.boolean(
        "drift", default: true,
        """
        Explain a latent again, once before its evidence has grown that much, if the deciles of its peaks have \
        moved or the current score of its explanation has fallen out of its interval.
        """)
    static let fields = [regrowth.schema, drift.schema]

    let rule: ReexplanationRule

    init(_ node: Node) throws(TopologyError) {
        rule = ReexplanationRule(regrowth: try node[Self.regrowth], drift: try node[Self.drift])
    }
}
