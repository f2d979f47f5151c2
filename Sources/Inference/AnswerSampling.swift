/// How an answer is drawn if it is not to be the likeliest one: every token in proportion to its probability.
public struct AnswerSampling: Sendable, Hashable {
    /// What logits are divided by, above 0: the larger, the more answers differ.
    public let temperature: Double
    /// What the draws follow from: the same seed gives the same answer as far as the backend can.
    public let seed: UInt64

    /// Makes a way of drawing.
    public init(temperature: Double, seed: UInt64) {
        self.temperature = temperature
        self.seed = seed
    }

    /// Throws kind `unsupported` for a temperature that is no positive number.
    func checkTemperature() throws(InferenceError) {
        guard temperature > 0, temperature.isFinite else {
            throw InferenceError(.unsupported, "answers are drawn at a temperature above 0, not at \(temperature)")
        }
    }
}

extension LanguageModelClient {
    /// Throws kind `unsupported`.
    public func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion {
        throw InferenceError(.unsupported, "\(name) gives its likeliest answer only")
    }
}
