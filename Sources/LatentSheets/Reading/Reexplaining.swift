package import Lineage

/// When an explain node explains a latent again.
package struct Reexplaining: Sendable, Hashable {
    /// Some of a coder's latents.
    package enum Latents: Sendable, Hashable {
        /// All of them.
        case all
        /// Those of a set.
        case only(Set<Int>)

        /// Whether a latent is among them.
        func contains(_ latent: Int) -> Bool {
            switch self {
            case .all: true
            case .only(let latents): latents.contains(latent)
            }
        }
    }

    /// The rule that the topology sets.
    package let rule: ReexplanationRule
    /// The latents that a score node which reads the node takes, and of which two explanations could so be compared.
    package let compared: Latents

    /// Makes one.
    package init(rule: ReexplanationRule, compared: Latents) {
        self.rule = rule
        self.compared = compared
    }

    /// Whether a latent is ever explained again.
    func isOn(_ latent: Int) -> Bool { rule.isActive && compared.contains(latent) }
    /// The rule that says what is stale: where the topology's never calls, the usual one.
    var measure: ReexplanationRule { rule.isActive ? rule : ReexplanationRule() }
}
