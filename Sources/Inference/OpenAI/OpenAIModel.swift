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
    private let memory: EndpointMemory
    /// By which questions go into batches; `nil` if each is asked by itself.
    private let batches: BatchedQuestions?
    private var excerpt: Excerpt { exchange.excerpt }
    /// The model and its endpoint, as its messages name them.
    package var place: String { exchange.place }

    /// Makes a judge.
    ///
    /// Throws kind `unsupported` if the connection's endpoint is no usable address.
    public init(_ connection: OpenAIConnection) throws(InferenceError) {
        try self.init(connection, batches: nil)
    }

    /// Makes a judge whose chats are asked by batches, if there is a desk for them.
    ///
    /// Throws kind `unsupported` if the connection's endpoint is no usable address.
    package init(_ connection: OpenAIConnection, batches desk: BatchDesk?) throws(InferenceError) {
        let configuration = connection.configuration
        name = configuration.model
        self.configuration = configuration
        let exchange = try OpenAIExchange(connection, path: "/chat/completions")
        self.exchange = exchange
        memory = EndpointMemory(configuration, place: exchange.place, note: connection.note)
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for text in ["openai-chat-3", exchange.url, configuration.model, configuration.prefill.rawValue] {
            hasher.update(text: text)
        }
        hasher.update(UInt64(bitPattern: Int64(configuration.likeliestTokens)))
        hasher.update(configuration.minimumAnswerMass.bitPattern)
        if !configuration.sendsTemperature { hasher.update(text: "temperature: none") }
        for (name, value) in configuration.extra.sorted(by: { $0.key < $1.key }) {
            hasher.update(text: name)
            hasher.update(text: value)
        }
        digest = hasher.finalize128()
        batches = desk.map { BatchedQuestions($0) }
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
            let (response, lost) = try await answer(prompt, maximumTokens: maximumTokens, sampling: sampling)
            var text = try Self.charged(response, lost) { () throws(InferenceError) in
                try response.text(excerpt: excerpt)
            }
            if let prefix = prompt.answerPrefix, !prefix.isEmpty, text.hasPrefix(prefix) {
                // Some endpoints give the start of the answer back with the rest of it.
                text.removeFirst(prefix.count)
            }
            return Completion(
                text: text, tokensIn: response.tokensIn + (lost?.tokensIn ?? 0),
                tokensOut: response.tokensOut + (lost?.tokensOut ?? 0), tokensCached: response.tokensCached,
                isCutOff: response.isCutOff, billing: response.billing)
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
            let response = try await answerWithTokens(to: prompt)
            let mass = try Self.charged(response) { () throws(InferenceError) in
                try self.mass(of: answers, in: response)
            }
            return AnswerLogProbabilities(
                values: mass.logProbabilities, tokensIn: response.tokensIn, tokensOut: response.tokensOut,
                tokensCached: response.tokensCached, billing: response.billing)
        }
    }

    /// How many of the likeliest first tokens of an answer the endpoint gives log-probabilities of; throws as for those of answers.
    package func likeliestTokens(after prompt: Prompt) async throws(InferenceError) -> Int {
        try await exchange.named { () async throws(InferenceError) in
            try usableTokens(in: try await answerWithTokens(to: prompt)).count
        }
    }

    private static let advice = "give the nodes that score by it `answers: list`"

    private func mass(of answers: [String], in response: ChatResponse) throws(InferenceError) -> AnswerMass {
        let mass = AnswerMass(of: answers, among: try usableTokens(in: response))
        try mass.check(minimum: configuration.minimumAnswerMass, excerpt: excerpt)
        return mass
    }

    private func usableTokens(in response: ChatResponse) throws(InferenceError) -> [TokenLogProbability] {
        guard let tokens = try response.choice(excerpt: excerpt).logprobs?.content?.first?.topLogprobs, !tokens.isEmpty
        else {
            throw InferenceError(.unsupported, "the endpoint gave no log-probabilities (top_logprobs); \(Self.advice)")
        }
        if let fault = LogProbability.fault(in: tokens.compactMap(\.logprob)) {
            throw InferenceError(.unsupported, "\(fault); \(Self.advice)")
        }
        return tokens
    }

    /// Reads a response; if it is of no use the failure says what it cost, with one that was lost before it.
    private static func charged<Output>(
        _ response: ChatResponse, _ lost: ChatResponse? = nil, _ read: () throws(InferenceError) -> Output
    ) throws(InferenceError) -> Output {
        do {
            return try read()
        } catch {
            throw InferenceError(
                error.kind, error.message, retryAfter: error.retryAfter,
                tokensIn: response.tokensIn + (lost?.tokensIn ?? 0),
                tokensOut: response.tokensOut + (lost?.tokensOut ?? 0), billing: response.billing)
        }
    }

    /// Asks for an answer; where thoughts left no room for one for the first time, once more, and the lost answer comes with it.
    private func answer(
        _ prompt: Prompt, maximumTokens: Int, sampling: AnswerSampling?
    ) async throws(InferenceError) -> (ChatResponse, lost: ChatResponse?) {
        let question = ChatQuestion(prompt: prompt, maximumTokens: maximumTokens, sampling: sampling)
        let (first, known) = try await understood(question)
        guard first.isLostInThought,
            memory.learns(since: known, { $0.learnThinking(configuration.thinkingTokens) })
        else { return (first, nil) }
        do {
            return (try await understood(question).response, first)
        } catch {
            throw error.costing(tokensIn: first.tokensIn, tokensOut: first.tokensOut)
        }
    }

    /// Sends a request for the likeliest tokens; a refusal that speaks of them is of kind `unsupported`.
    private func answerWithTokens(to prompt: Prompt) async throws(InferenceError) -> ChatResponse {
        do {
            return try await understood(ChatQuestion(prompt: prompt, maximumTokens: 1, wantsLikeliest: true)).response
        } catch {
            guard error.kind == .refused, error.message.contains("logprob") else { throw error }
            throw InferenceError(.unsupported, "\(error.message); \(Self.advice)")
        }
    }

    /// Sends a request in what is known of the endpoint's dialect, and again after each refusal from which something is learnt.
    private func understood(
        _ question: ChatQuestion
    ) async throws(InferenceError) -> (response: ChatResponse, dialect: EndpointDialect) {
        while true {
            let dialect = memory.dialect
            do {
                let body = try question.body(configuration, dialect)
                guard let batches else { return (try await answer(to: body), dialect) }
                let id = question.id(model: digest, thinkingTokens: dialect.thinkingTokens)
                let response = try await batches.answer(
                    to: id, question.kind, body: body, excerpt: excerpt, isStale: { memory.dialect != dialect },
                    directly: { () async throws(InferenceError) in try await self.answer(to: body) })
                if let response { return (response, dialect) }
            } catch {
                guard error.kind == .refused, memory.learns(since: dialect, { $0.learn(from: error) }) else {
                    throw error
                }
            }
        }
    }

    private func answer(to body: [UInt8]) async throws(InferenceError) -> ChatResponse {
        try await exchange.answer(to: body) { (body, excerpt) throws(InferenceError) in
            try ChatResponse(body, excerpt: excerpt)
        }
    }
}
