import Inference
import Scoring

/// What a node needs of its model to be told about given texts, as the smallest question that needs the same.
enum ReadingQuestion: Hashable, Sendable {
    /// How likely a text is behind another one.
    case text
    /// How likely each of the numbers up to a scale is at places of a text.
    case values(scale: Int)

    /// Asks it; throws kind `unsupported` where the model does not tell.
    func ask(_ judge: any Judge) async throws(InferenceError) {
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
