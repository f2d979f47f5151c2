public import Hashing

/// A language model behind an OpenAI-compatible endpoint as a judge.
///
/// At most `concurrency` requests are under way at a time, over all copies of the judge. A request that times out, finds
/// nobody, is told to wait (429) or fails on the server's side (5xx) is sent again after a while; the permit is given
/// back meanwhile. Token counts are the endpoint's own, 0 if it gives none.
public struct OpenAIModel: LanguageModelClient {
    /// The model's name at the endpoint.
    public let name: String
    /// A hash of the endpoint, the model's name and what of the settings changes answers; the key is not in it.
    public let digest: Hash128
    /// Whether the endpoint was configured to give log-probabilities.
    public var offersLogProbabilities: Bool { configuration.offersLogProbabilities }
    /// Never: one prompt for each example costs more than a list does, and many endpoints give none.
    public var prefersLogProbabilities: Bool { false }
    /// Whether its endpoint has been away for longer than its gate waits.
    public var hasGivenUp: Bool { exchange.hasGivenUp }

    let configuration: OpenAIConfiguration
    let exchange: OpenAIExchange
    private var excerpt: Excerpt { exchange.excerpt }

    /// Makes a judge.
    ///
    /// Throws kind `unsupported` if the connection's endpoint is no usable address.
    public init(_ connection: OpenAIConnection) throws(InferenceError) {
        let configuration = connection.configuration
        name = configuration.model
        self.configuration = configuration
        exchange = try OpenAIExchange(connection, path: "/chat/completions")
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for text in ["openai-chat-2", exchange.url, configuration.model, configuration.prefill.rawValue] {
            hasher.update(text: text)
        }
        hasher.update(UInt64(bitPattern: Int64(configuration.likeliestTokens)))
        hasher.update(configuration.minimumAnswerMass.bitPattern)
        digest = hasher.finalize128()
    }

    /// Answers a prompt at temperature 0.
    public func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        try await completion(of: prompt, maximumTokens: maximumTokens, sampling: nil)
    }

    /// Answers a prompt at a temperature; whether the seed decides on the answer is the endpoint's.
    public func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion {
        try await completion(of: prompt, maximumTokens: maximumTokens, sampling: sampling)
    }

    private func completion(
        of prompt: Prompt, maximumTokens: Int, sampling: AnswerSampling?
    ) async throws(InferenceError) -> Completion {
        try await exchange.named { () async throws(InferenceError) in
            let request = try ChatRequest(
                prompt, maximumTokens: maximumTokens, sampling: sampling, configuration: configuration)
            let response = try await answer(to: try request.body())
            var text = try Self.charged(response) { () throws(InferenceError) in try response.text(excerpt: excerpt) }
            if let prefix = prompt.answerPrefix, !prefix.isEmpty, text.hasPrefix(prefix) {
                // Some endpoints give the start of the answer back with the rest of it.
                text.removeFirst(prefix.count)
            }
            return Completion(
                text: text, tokensIn: response.tokensIn, tokensOut: response.tokensOut,
                tokensCached: response.tokensCached)
        }
    }

    /// The log-probabilities of answers by the first token of the model's turn: see `AnswerMass`.
    ///
    /// Throws kind `unsupported` if the endpoint gives none, and `badAnswer` if the likeliest tokens do not say
    /// which answer is likelier.
    public func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        guard offersLogProbabilities else {
            throw InferenceError(.unsupported, "the endpoint is not configured to give log-probabilities")
        }
        return try await exchange.named { () async throws(InferenceError) in
            let request = try ChatRequest(
                prompt, maximumTokens: 1, likeliestTokens: configuration.likeliestTokens, configuration: configuration)
            let response = try await answerWithTokens(to: try request.body())
            let mass = try Self.charged(response) { () throws(InferenceError) in
                try self.mass(of: answers, in: response)
            }
            return AnswerLogProbabilities(
                values: mass.logProbabilities, tokensIn: response.tokensIn, tokensOut: response.tokensOut,
                tokensCached: response.tokensCached)
        }
    }

    private static let advice = "give the nodes that score by it `answers: list`"

    private func mass(of answers: [String], in response: ChatResponse) throws(InferenceError) -> AnswerMass {
        guard let tokens = response.choices.first?.logprobs?.content?.first?.topLogprobs, !tokens.isEmpty else {
            throw InferenceError(.unsupported, "the endpoint gave no log-probabilities (top_logprobs); \(Self.advice)")
        }
        let mass = AnswerMass(of: answers, among: tokens)
        try mass.check(minimum: configuration.minimumAnswerMass, excerpt: excerpt)
        return mass
    }

    /// Reads a response; if it is of no use the failure says what it cost.
    private static func charged<Output>(
        _ response: ChatResponse, _ read: () throws(InferenceError) -> Output
    ) throws(InferenceError) -> Output {
        do {
            return try read()
        } catch {
            throw InferenceError(
                error.kind, error.message, retryAfter: error.retryAfter, tokensIn: response.tokensIn,
                tokensOut: response.tokensOut)
        }
    }

    /// Sends a request for the likeliest tokens; a refusal that speaks of them is of kind `unsupported`.
    private func answerWithTokens(to body: [UInt8]) async throws(InferenceError) -> ChatResponse {
        do {
            return try await answer(to: body)
        } catch {
            guard error.kind == .refused, error.message.contains("logprob") else { throw error }
            throw InferenceError(.unsupported, "\(error.message); \(Self.advice)")
        }
    }

    private func answer(to body: [UInt8]) async throws(InferenceError) -> ChatResponse {
        try await exchange.answer(to: body) { (body, excerpt) throws(InferenceError) in
            try ChatResponse(body, excerpt: excerpt)
        }
    }
}
