/// Reads texts as the corpus is read, to see where a latent fires in them.
package protocol TextProbe: Sendable {
    /// The activation of a latent at each token of the beginning of a text, as if a document began with it.
    ///
    /// - Throws: What reading weights or running the subject throws, and `CancellationError`.
    func read(_ text: String, for latent: Int) async throws -> ProbedText
}

/// What a subject read.
package struct ProbedText: Sendable {
    /// The bytes of each token; BOS is none of them.
    package let tokens: [[UInt8]]
    /// `[tokens]`: the latent's activation; 0 where it is silent.
    package let activations: [Float]

    package init(tokens: [[UInt8]], activations: [Float]) {
        self.tokens = tokens
        self.activations = activations
    }
}
