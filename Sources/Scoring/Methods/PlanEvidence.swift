package import Elements

/// What most plans are chosen from.
package struct PlanEvidence: Sendable {
    /// What the latent's own explanation may be scored on.
    package let heldOut: HeldOutSet
    /// The latent's largest activation.
    package let maximum: Float
    /// The texts of the subject's tokens.
    package let tokenDecoder: any TokenDecoder

    /// Brings evidence together.
    package init(heldOut: HeldOutSet, maximum: Float, tokenDecoder: any TokenDecoder) {
        self.heldOut = heldOut
        self.maximum = maximum
        self.tokenDecoder = tokenDecoder
    }
}
