public import Hashing

/// A text as the subject read it.
public struct ReadText: Sendable, Hashable {
    /// The bytes of each token, without the token that every context begins with.
    public let tokens: [[UInt8]]
    /// `[tokens]`: the latents that are active there, ascending.
    private let latents: [[Int32]]
    /// `[tokens]`: their activations.
    private let activations: [[Float]]

    /// Puts a text together; the lists are `[tokens]`.
    public init(tokens: [[UInt8]], latents: [[Int32]], activations: [[Float]]) {
        self.tokens = tokens
        self.latents = latents
        self.activations = activations
    }

    /// `[tokens]`: the activations of one latent, 0 where it is silent.
    public func activations(of latent: Int) -> [Float] {
        zip(latents, activations).map { latents, activations in
            latents.firstIndex { Int($0) == latent }.map { activations[$0] } ?? 0
        }
    }
}

/// What reads texts as the evidence was made: by the same tokenizer, model and coder, with the same bits.
public protocol TextReader: Sendable {
    /// A hash of what decides what it reads: the model's weights, the coder, the hookpoint, and how contexts begin.
    var digest: Hash128 { get }

    /// Reads at most `tokens` tokens of each text, as the first of a document.
    ///
    /// Throws if the model or the coder cannot work on them, or the task is cancelled.
    func read(_ texts: [String], tokens: Int) async throws -> [ReadText]
}
