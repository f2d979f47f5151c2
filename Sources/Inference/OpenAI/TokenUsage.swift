/// The numbers of tokens that an endpoint's answer reports; servers leave out what they do not count.
struct TokenUsage: Decodable {
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

/// The body of an endpoint's answer that reports its tokens.
protocol UsageReporting {
    /// What is reported; `nil` if the endpoint does not say.
    var usage: TokenUsage? { get }
}

extension UsageReporting {
    /// The tokens of the prompt; 0 if the endpoint does not say.
    var tokensIn: Int { ReportedTokens.count(usage?.promptTokens) }
    /// The tokens of the answer; 0 if the endpoint does not say.
    var tokensOut: Int { ReportedTokens.count(usage?.completionTokens) }

    /// The tokens of the prompt that came from the endpoint's cache of prefixes; `nil` if it does not say.
    var tokensCached: Int? {
        (usage?.promptTokensDetails?.cachedTokens).map { min(max($0, 0), tokensIn) }
    }
}
