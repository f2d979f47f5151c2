import Foundation

/// The body of an endpoint's answer to a text, as far as it is read.
struct CompletionResponse: Decodable, UsageReporting {
    struct Choice: Decodable {
        let logprobs: LogProbabilities?
        let finishReason: String?
        let error: ChoiceFailure?

        private enum CodingKeys: String, CodingKey {
            case logprobs, error
            case finishReason = "finish_reason"
        }
    }

    /// Lists with one element for each token of the text and of the answer.
    struct LogProbabilities: Decodable {
        let tokens: [String]
        /// `nil` for the first, which has nothing before it.
        let values: [Double?]
        /// A token without a number is one that the endpoint gives none for.
        let likeliest: [[String: Double?]?]?

        private enum CodingKeys: String, CodingKey {
            case tokens
            case values = "token_logprobs"
            case likeliest = "top_logprobs"
        }
    }

    let choices: [Choice]
    let usage: TokenUsage?

    /// Reads a body; throws kind `badAnswer`, with its start, if it is not a completion.
    init(_ body: [UInt8], excerpt: Excerpt) throws(InferenceError) {
        do {
            self = try JSONDecoder().decode(CompletionResponse.self, from: Data(body))
        } catch {
            throw InferenceError(.badAnswer, "the endpoint's answer is not a completion: \(excerpt.text(body))")
        }
        if let failure = ChoiceFailure.error(finishReason: choices.first?.finishReason, choices.first?.error, excerpt) {
            throw failure
        }
    }
}
