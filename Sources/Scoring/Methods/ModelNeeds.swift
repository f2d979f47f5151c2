package import Inference

/// The ability that a method needs of the model that it asks.
package enum ModelNeeds: Sendable, Hashable {
    /// Nothing: no model is asked.
    case none
    /// The vectors of texts.
    case embeddings
    /// Answers to prompts.
    case answers
    /// How likely a given text is after another one.
    case textProbabilities
    /// How likely each number from 0 up to a scale is at places of a given text.
    case valueProbabilities

    /// The smallest question that needs the same of a model; `nil` if no given texts are read.
    ///
    /// `scale` is the largest number, for `valueProbabilities`.
    package func question(scale: Int) -> ReadingQuestion? {
        switch self {
        case .none, .embeddings, .answers: nil
        case .textProbabilities: .text
        case .valueProbabilities: .values(scale: scale)
        }
    }
}

/// What a model is to tell about given texts, as the smallest question that needs the same.
package enum ReadingQuestion: Hashable, Sendable {
    /// How likely a text is after another one.
    case text
    /// How likely each of the numbers up to a scale is at places of a text.
    case values(scale: Int)

    /// Asks it; throws kind `unsupported` if the model does not tell.
    package func ask(_ judge: any LanguageModelClient) async throws(InferenceError) {
        switch self {
        case .text: _ = try await judge.logProbability(of: " b", after: "a")
        case .values(let scale):
            // The largest value stands in the text, so that it shows whether the model writes it in one token.
            _ = try await judge.logProbabilities(
                of: SimulationPrompt.values(scale: scale),
                in: PlacedText(prefix: "a\t0\nb\t\(scale)\n", pieces: ["a\t", "0\nb\t"]))
        }
    }
}
