import Topology

/// What every explain node is set by.
struct ExplainFields: Sendable {
    let node: Node
    let latents: LatentSelection
    /// The windows that a latent must have fired in before it is explained.
    let minimumExamples: Int
    let waitsForDrain: Bool
    /// What choices are drawn from; 0 for an explainer that makes none.
    let seed: UInt64
}
