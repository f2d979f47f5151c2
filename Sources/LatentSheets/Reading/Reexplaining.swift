package import Lineage

/// When an explain node explains a latent again.
package struct Reexplaining: Sendable, Hashable {
    /// The rule that the topology sets.
    package let rule: ReexplanationRule
    /// Whether a score node reads the node, which could compare two explanations.
    package let isCompared: Bool

    /// Makes one.
    package init(rule: ReexplanationRule, isCompared: Bool) {
        self.rule = rule
        self.isCompared = isCompared
    }

    /// Whether anything is explained again.
    var isOn: Bool { rule.isActive && isCompared }
    /// The rule that says what is stale: where the topology's never calls, the usual one.
    var measure: ReexplanationRule { rule.isActive ? rule : ReexplanationRule() }
}
