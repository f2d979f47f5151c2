/// What an endpoint takes of what a request may hold: first as it is configured, then as its own refusals say.
struct EndpointDialect: Sendable, Hashable {
    /// The name of the field that bounds an answer's tokens.
    private(set) var tokenLimitField: String
    /// Whether a temperature is sent.
    private(set) var sendsTemperature: Bool
    /// Whether answers that are drawn carry `top_p`.
    private(set) var sendsTopP = true
    /// Whether answers that are drawn carry a seed.
    private(set) var sendsSeed = true
    /// How the start of an answer is given.
    private(set) var prefill: OpenAIConfiguration.Prefill
    /// Whether rules stand in a message of their own, or before the first one of the user.
    private(set) var hasSystemRole = true
    /// How many of the likeliest tokens are asked for.
    private(set) var likeliestTokens: Int
    /// The tokens that an answer may have besides its own, for thoughts.
    private(set) var thinkingTokens = 0

    /// What is known before anything was asked.
    init(_ configuration: OpenAIConfiguration) {
        tokenLimitField = configuration.tokenLimitField
        sendsTemperature = configuration.sendsTemperature
        prefill = configuration.prefill
        likeliestTokens = configuration.likeliestTokens
    }

    /// Learns from a refusal; returns what, in words, or `nil` if it says nothing that is not known.
    ///
    /// Each thing is learnt once, so that a request is not sent for ever. What servers say is matched by the fields' names.
    mutating func learn(from refusal: InferenceError) -> String? {
        guard refusal.kind == .refused, Self.statuses.contains(where: refusal.message.contains) else { return nil }
        let said = refusal.message.lowercased()
        func says(_ words: String...) -> Bool { words.contains(where: said.contains) }
        if says("max_completion_tokens"), tokenLimitField == "max_tokens" {
            tokenLimitField = "max_completion_tokens"
            return "it wants max_completion_tokens in place of max_tokens"
        }
        if prefill == .continueFinalMessage, says("continue_final_message", "add_generation_prompt") {
            prefill = .trailingMessage
            return "it does not know continue_final_message"
        }
        if prefill != .none, says("prefill", "must end with a user message", "final assistant", "last message") {
            prefill = .none
            return "it takes no start of an answer"
        }
        if sendsTemperature, says("temperature") {
            sendsTemperature = false
            return "it takes no other temperature than its own, so that answers may differ from call to call"
        }
        if sendsTopP, says("top_p") {
            sendsTopP = false
            return "it takes no top_p"
        }
        if says("top_logprobs"), let most = Self.bound(in: said, below: likeliestTokens) {
            likeliestTokens = most
            return "it gives the \(most) likeliest tokens at most"
        }
        if sendsSeed, says("seed") {
            sendsSeed = false
            return "it takes no seed"
        }
        if hasSystemRole,
            says(
                "developer instruction", "system role", "system message", "system prompt", "role 'system'",
                "role: system")
        {
            hasSystemRole = false
            return "it takes no rules in a message of their own"
        }
        return nil
    }

    /// Learns that the model thinks before it answers, from an answer that its thoughts left no room for.
    mutating func learnThinking(_ tokens: Int) -> String? {
        guard thinkingTokens == 0, tokens > 0 else { return nil }
        thinkingTokens = tokens
        return "it thinks before it answers, and from now on has \(tokens) tokens more for that"
    }

    private static let statuses = ["answered 400", "answered 422", "the error 400", "the error 422", "with an error"]

    /// The largest number that a refusal names below the one it refuses, at least 2.
    private static func bound(in said: String, below refused: Int) -> Int? {
        said.split { !("0"..."9").contains($0) }.compactMap { Int($0) }.filter { (2..<refused).contains($0) }.max()
    }
}
