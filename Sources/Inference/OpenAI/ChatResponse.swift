import Foundation

/// The body of an endpoint's answer, as far as it is read; servers leave out what they do not offer.
struct ChatResponse: Decodable, UsageReporting {
    struct Choice: Decodable {
        struct Message: Decodable {
            let content: String?
            let refusal: String?
        }

        struct LogProbabilities: Decodable {
            struct Place: Decodable {
                let topLogprobs: [TokenLogProbability]?

                private enum CodingKeys: String, CodingKey {
                    case topLogprobs = "top_logprobs"
                }
            }

            let content: [Place]?
        }

        let message: Message
        let finishReason: String?
        let logprobs: LogProbabilities?

        private enum CodingKeys: String, CodingKey {
            case message, logprobs
            case finishReason = "finish_reason"
        }
    }

    let choices: [Choice]
    let usage: TokenUsage?

    /// Reads a body; throws kind `badAnswer`, with its start, if it is not a chat's answer.
    init(_ body: [UInt8], excerpt: Excerpt) throws(InferenceError) {
        do {
            self = try JSONDecoder().decode(ChatResponse.self, from: Data(body))
        } catch {
            throw InferenceError(.badAnswer, "the endpoint's answer is not a chat completion: \(excerpt.text(body))")
        }
    }

    /// The answer's text; throws kind `refused` if the model or a filter declined, `badAnswer` if there is none.
    func text(excerpt: Excerpt) throws(InferenceError) -> String {
        guard let choice = choices.first else {
            throw InferenceError(.badAnswer, "the endpoint's answer has no choice")
        }
        if let refusal = choice.message.refusal, !refusal.isEmpty {
            throw InferenceError(.refused, "the model declined: \(excerpt.text(refusal))")
        }
        if choice.finishReason == "content_filter" {
            throw InferenceError(.refused, "a content filter took the answer")
        }
        guard let content = choice.message.content else {
            throw InferenceError(
                .badAnswer,
                choice.finishReason == "length"
                    ? "the answer was cut off before any text; allow more tokens" : "the endpoint's answer has no text")
        }
        return content
    }
}

/// One of the likeliest tokens at a place.
struct TokenLogProbability: Decodable, Hashable {
    let token: String
    let logprob: Double
}
