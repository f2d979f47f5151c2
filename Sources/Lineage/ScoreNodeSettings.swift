/// What decides on what a score node scores.
package struct ScoreNodeSettings: Sendable {
    /// The id of the node.
    package let node: String
    /// The latents that it takes.
    package let latents: Set<Int>
    /// Chooses who gets whose explanation.
    package let seed: UInt64
    /// The most controls per explainer.
    package var controls = Int.max
    /// How controls are made.
    package var pairing = ControlPairing.explanations
    /// The name of the control.
    package let control: String
    /// Whether explanations are what is scored: one without a text is passed over, and two of a latent can be compared.
    package var scoresExplanations = true
    /// Whether only explanations that can be run are taken.
    package var needsPredicate = false
    /// Whether a score can say that an explanation is no longer as good as it was.
    package var noticesDrift = true
    /// When explanations are scored again.
    package var rounds = RoundRule(rescore: 0, recent: false)
    /// Cheaper scores that settle explanations first; `nil` if every explanation is scored.
    package var gate: CascadeGate?

    package init(node: String, latents: Set<Int>, seed: UInt64, control: String) {
        self.node = node
        self.latents = latents
        self.seed = seed
        self.control = control
    }
}
