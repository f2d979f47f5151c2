import Foundation

/// The body of an endpoint's answer to a text, as far as it is read.
struct CompletionResponse: Decodable {
    struct Choice: Decodable {
        let logprobs: LogProbabilities?
    }

    /// Lists with one element for each token of the text and of the answer.
    struct LogProbabilities: Decodable {
        let tokens: [String]
        /// `nil` for the first, which has nothing before it.
        let values: [Double?]
        let likeliest: [[String: Double]?]?

        private enum CodingKeys: String, CodingKey {
            case tokens
            case values = "token_logprobs"
            case likeliest = "top_logprobs"
        }
    }

    struct Usage: Decodable {
        struct PromptDetails: Decodable {
            let cachedTokens: Int?

            private enum CodingKeys: String, CodingKey {
                case cachedTokens = "cached_tokens"
            }
        }

        let promptTokens: Int?
        let completionTokens: Int?
        let promptTokensDetails: PromptDetails?

        private enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case promptTokensDetails = "prompt_tokens_details"
        }
    }

    let choices: [Choice]
    let usage: Usage?

    /// The tokens of the text; 0 if the endpoint does not say.
    var tokensIn: Int { ReportedTokens.count(usage?.promptTokens) }
    /// The tokens of the answer; 0 if the endpoint does not say.
    var tokensOut: Int { ReportedTokens.count(usage?.completionTokens) }

    /// The tokens of the text that came from the endpoint's cache of prefixes; `nil` if it does not say.
    var tokensCached: Int? {
        (usage?.promptTokensDetails?.cachedTokens).map { min(max($0, 0), tokensIn) }
    }

    /// Reads a body; throws kind `badAnswer`, with its start, if it is not a completion.
    init(_ body: [UInt8], excerpt: Excerpt) throws(InferenceError) {
        do {
            self = try JSONDecoder().decode(CompletionResponse.self, from: Data(body))
        } catch {
            throw InferenceError(.badAnswer, "the endpoint's answer is not a completion: \(excerpt.text(body))")
        }
    }
}
