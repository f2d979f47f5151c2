import Topology

/// The fields of every explain node.
struct ExplainFields: Sendable {
    let node: Node
    let latents: LatentSelection
    /// The windows that a latent must have fired in before it is explained.
    let minimumExamples: Int
    let waitsForDrain: Bool
    /// The seed of random choices; 0 for an explainer that makes none.
    let seed: UInt64
}
