import Foundation

/// The body of an endpoint's answer, as far as it is read; servers leave out what they do not offer.
struct ChatResponse: Decodable, UsageReporting {
    struct Choice: Decodable {
        struct Message: Decodable {
            /// A text, or the text pieces of a list, in which some models give thoughts beside them.
            let content: String?
            let refusal: String?
            /// Whether thoughts came beside the text.
            let hasThoughts: Bool

            private enum CodingKeys: String, CodingKey {
                case content, refusal, reasoning
                case reasoningContent = "reasoning_content"
            }

            private struct Piece: Decodable {
                let type: String?
                let text: String?
            }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                if let pieces = try? container.decode([Piece].self, forKey: .content) {
                    content = pieces.filter { $0.type == nil || $0.type == "text" }.compactMap(\.text).joined()
                    hasThoughts = pieces.contains { $0.type == "thinking" || $0.type == "reasoning" }
                } else {
                    content = try container.decodeIfPresent(String.self, forKey: .content)
                    hasThoughts = [CodingKeys.reasoning, .reasoningContent].contains { key in
                        (try? container.decodeIfPresent(String.self, forKey: key))?.isEmpty == false
                    }
                }
                refusal = try container.decodeIfPresent(String.self, forKey: .refusal)
            }
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
        /// What went wrong behind the endpoint, beside whatever text there is.
        let error: ChoiceFailure?

        private enum CodingKeys: String, CodingKey {
            case message, logprobs, error
            case finishReason = "finish_reason"
        }
    }

    let choices: [Choice]
    let usage: TokenUsage?
    /// How it is charged.
    var billing = AnswerBilling.full

    private enum CodingKeys: String, CodingKey {
        case choices, usage
    }

    /// Reads a body; throws kind `badAnswer`, with its start, if it is not a chat's answer.
    init(_ body: [UInt8], excerpt: Excerpt) throws(InferenceError) {
        do {
            self = try JSONDecoder().decode(ChatResponse.self, from: Data(body))
        } catch {
            throw InferenceError(.badAnswer, "the endpoint's answer is not a chat completion: \(excerpt.text(body))")
        }
        if let failure = ChoiceFailure.error(finishReason: choices.first?.finishReason, choices.first?.error, excerpt) {
            throw failure
        }
    }

    /// Whether the answer ended at its limit of tokens.
    var isCutOff: Bool { choices.first?.finishReason == "length" }

    /// Whether it ended there before it said anything, or within a thought.
    var isLostInThought: Bool {
        guard isCutOff, let message = choices.first?.message else { return false }
        let text = message.content ?? ""
        return text.allSatisfy(\.isWhitespace) || FinalAnswer.text(of: text) == nil
    }

    /// The choice; throws kind `refused` if the model or a filter declined, `badAnswer` if there is none.
    func choice(excerpt: Excerpt) throws(InferenceError) -> Choice {
        guard let choice = choices.first else {
            throw InferenceError(.badAnswer, "the endpoint's answer has no choice")
        }
        if let refusal = choice.message.refusal, !refusal.isEmpty {
            throw InferenceError(.refused, "the model declined: \(excerpt.text(refusal))")
        }
        if choice.finishReason == "content_filter" {
            throw InferenceError(.refused, "a content filter took the answer")
        }
        return choice
    }

    /// The answer's text; throws as `choice` does, and kind `badAnswer` if there is no text.
    func text(excerpt: Excerpt) throws(InferenceError) -> String {
        let choice = try choice(excerpt: excerpt)
        if isCutOff, choice.message.content?.allSatisfy(\.isWhitespace) != false {
            let thought = choice.message.hasThoughts ? "within its thoughts, " : ""
            throw InferenceError(
                .badAnswer, "the answer was cut off \(thought)before any text; allow more tokens (`thinking_tokens`)")
        }
        guard let content = choice.message.content else {
            throw InferenceError(.badAnswer, "the endpoint's answer has no text")
        }
        return content
    }
}

/// One of the likeliest tokens at a place.
struct TokenLogProbability: Decodable, Hashable {
    let token: String
    /// `nil` for one that the endpoint gives no number for, as some do for minus infinity.
    let logprob: Double?
}
