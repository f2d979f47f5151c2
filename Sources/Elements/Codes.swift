public import Dataflow
public import Hashing

/// Which sparse coder a code is from.
public struct CoderIdentity: Sendable, Hashable, Codable {
    /// The id of the encode node in the topology.
    public let name: String
    /// The hookpoint the coder reads.
    public let hookpoint: String
    /// The number of latents.
    public let latents: Int
    /// A hash of the coder's weights and settings.
    public let digest: Hash128

    /// Makes an identity.
    public init(name: String, hookpoint: String, latents: Int, digest: Hash128) {
        self.name = name
        self.hookpoint = hookpoint
        self.latents = latents
        self.digest = digest
    }
}

/// The sparse codes of some contexts: per token, (latent, activation) pairs, in compressed rows.
public struct CodeBatch: Sendable, Weighed {
    /// The contexts, in order.
    public let contexts: [Context]
    /// `[tokens + 1]`: the pairs of token row `t` are those from `rowStarts[t]` to `rowStarts[t + 1]`.
    ///
    /// Rows of all contexts stand one after the other. The row of a masked token is empty.
    public let rowStarts: [Int]
    /// The latent of each pair; ascending within a row.
    public let latents: [Int32]
    /// The activation of each pair; positive and finite.
    public let activations: [Float]
    /// The weight of the batch in bytes.
    public var byteCount: Int { 8 * rowStarts.count + 8 * latents.count + 64 * contexts.count }
    /// The number of tokens.
    public var elementCount: Int { rowStarts.count - 1 }

    /// Makes a batch.
    public init(contexts: [Context], rowStarts: [Int], latents: [Int32], activations: [Float]) {
        self.contexts = contexts
        self.rowStarts = rowStarts
        self.latents = latents
        self.activations = activations
    }
}
