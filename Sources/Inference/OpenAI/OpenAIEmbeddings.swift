public import Hashing

/// The vector of a text, of length 1, and the tokens that it was read as.
public struct EmbeddedText: Sendable, Hashable {
    /// The vector.
    public let vector: [Float]
    /// The tokens; the endpoint counts those of a request, which are shared out by the texts' lengths.
    public let tokens: Int

    /// Makes an embedded text.
    public init(vector: [Float], tokens: Int) {
        self.vector = vector
        self.tokens = tokens
    }
}

/// A sentence encoder behind an OpenAI-compatible endpoint.
///
/// Texts are sent `textsAtOnce` to a request, and failures treated as those of `OpenAIModel`. A request that is too long is
/// sent again in halves.
public struct OpenAIEmbeddings: Sendable {
    /// The model's name at the endpoint.
    public let name: String
    /// A hash of the endpoint and the model's name; the key is not in it.
    public let digest: Hash128

    private let configuration: OpenAIConfiguration
    private let exchange: OpenAIExchange

    /// Makes an encoder.
    ///
    /// Throws kind `unsupported` if the connection's endpoint is no usable address.
    public init(_ connection: OpenAIConnection) throws(InferenceError) {
        let configuration = connection.configuration
        name = configuration.model
        self.configuration = configuration
        exchange = try OpenAIExchange(connection, path: "/embeddings")
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for text in ["openai-embeddings-1", exchange.url, configuration.model] { hasher.update(text: text) }
        digest = hasher.finalize128()
    }

    /// The vectors of some texts, in order.
    ///
    /// Throws kind `badAnswer` if the endpoint does not give one vector of one width for each; a failure says what all
    /// requests together cost.
    public func vectors(of texts: [String]) async throws(InferenceError) -> [EmbeddedText] {
        let size = max(configuration.textsAtOnce, 1)
        let batches = stride(from: 0, to: texts.count, by: size).map { Array(texts[$0..<min($0 + size, texts.count)]) }
        let answers = await mapConcurrently(batches, limit: configuration.concurrency) { batch in
            await result(of: batch)
        }
        let vectors = answers.flatMap { (try? $0.get()) ?? [] }
        let cost = Self.tokens(of: vectors)
        let failures = answers.compactMap { answer -> InferenceError? in
            if case .failure(let error) = answer { error } else { nil }
        }
        if let first = failures.first {
            throw first.costing(tokensIn: failures.dropFirst().reduce(cost) { $0 + $1.tokensIn })
        }
        guard vectors.allSatisfy({ $0.vector.count == vectors.first?.vector.count }) else {
            throw InferenceError(.badAnswer, "\(name) gave embeddings of several widths", tokensIn: cost)
        }
        return vectors
    }

    private static func tokens(of texts: [EmbeddedText]) -> Int { texts.reduce(0) { $0 + $1.tokens } }

    private func result(of texts: [String]) async -> Result<[EmbeddedText], InferenceError> {
        do throws(InferenceError) {
            return .success(try await exchange.named { () async throws(InferenceError) in try await request(texts) })
        } catch {
            guard error.kind == .tooLong, texts.count > 1 else { return .failure(error) }
            let middle = texts.count / 2
            let first = await result(of: Array(texts[..<middle]))
            guard case .success(let left) = first else { return first }
            let second = await result(of: Array(texts[middle...]))
            return second.map { left + $0 }.mapError { $0.costing(tokensIn: Self.tokens(of: left)) }
        }
    }

    private func request(_ texts: [String]) async throws(InferenceError) -> [EmbeddedText] {
        let body = try EmbeddingRequest(texts, model: configuration.model).body()
        let answer = try await exchange.answer(to: body) { (body, excerpt) throws(InferenceError) in
            try EmbeddingResponse(body, excerpt: excerpt)
        }
        let tokens = Self.shares(of: answer.tokens, over: texts)
        do {
            return zip(try answer.vectors(count: texts.count), tokens).map { EmbeddedText(vector: $0, tokens: $1) }
        } catch {
            throw error.costing(tokensIn: answer.tokens)
        }
    }

    /// Tokens by text in proportion to their bytes, so that they add up to the whole.
    static func shares(of tokens: Int, over texts: [String]) -> [Int] {
        let sizes = texts.map { Double(max($0.utf8.count, 1)) }
        let whole = sizes.reduce(0, +)
        var (sum, given) = (0.0, 0)
        return sizes.map { size in
            sum += size
            let upTo = Int((Double(tokens) * (sum / whole)).rounded())
            defer { given = upTo }
            return upTo - given
        }
    }
}
