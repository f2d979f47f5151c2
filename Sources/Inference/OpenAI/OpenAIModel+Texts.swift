import Foundation

extension OpenAIModel {
    /// As far as the endpoint was configured to give log-probabilities; whether it reads texts (`/completions` with `echo`) shows
    /// when it is asked.
    public var readsTexts: Bool { offersLogProbabilities }

    /// The log-probability of a text, by `/completions` with `echo`; a token in which the prefix ends counts as the text's.
    public func logProbability(of text: String, after prefix: String) async throws(InferenceError)
        -> TextLogProbability
    {
        try await exchange.named { () async throws(InferenceError) in
            let echo = try await echo([prefix, text], likeliestTokens: 1)
            let values = echo.values[
                min(echo.ends[0].next, echo.values.count)..<min(echo.ends[1].next, echo.values.count)]
            let known = values.compactMap { $0.flatMap(LogProbability.usable) }
            guard !known.isEmpty, known.count == values.count else {
                throw InferenceError(
                    .badAnswer,
                    "the endpoint gave no log-probability, or \(LogProbability.noNumber) for one, for "
                        + "\(values.count - known.count) of \(values.count) tokens of the text",
                    tokensIn: echo.tokensIn, tokensOut: echo.tokensOut)
            }
            return TextLogProbability(
                value: known.reduce(0, +), tokens: known.count, tokensIn: echo.tokensIn, tokensOut: echo.tokensOut,
                tokensCached: echo.tokensCached)
        }
    }

    /// The log-probabilities of those alternatives that are among the likeliest tokens at each place of a text, by
    /// `/completions` with `echo`; the tokens that show as one alternative are added.
    ///
    /// Throws kind `unsupported` also if an alternative that begins like another one, as 10 does like 1, is no token of
    /// its own: the other one's token would stand for both.
    public func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
        -> PlacedLogProbabilities
    {
        try await exchange.named { () async throws(InferenceError) in
            let echo = try await echo([text.prefix] + text.pieces, likeliestTokens: configuration.likeliestTokens)
            let names = alternatives.map(EchoedText.shown)
            let longer = names.indices.filter { long in
                names.contains { $0.count < names[long].count && names[long].starts(with: $0) }
            }
            let tokens = Set(echo.tokens.map(EchoedText.shown))
            for index in longer where !tokens.contains(names[index]) {
                throw InferenceError(
                    .unsupported,
                    "the model writes \(alternatives[index]) in several tokens, so that it cannot be told from what it "
                        + "begins with; give the nodes that ask for it `scale: 9`",
                    tokensIn: echo.tokensIn, tokensOut: echo.tokensOut)
            }
            let values = echo.ends.dropFirst().map { end -> [Double?] in
                guard end.isExact, echo.likeliest.indices.contains(end.next), let listed = echo.likeliest[end.next]
                else { return [Double?](repeating: nil, count: names.count) }
                var mass = [Double](repeating: 0, count: names.count)
                // In the order of the tokens: the sum is the same bits in every process.
                for (token, value) in listed.sorted(by: { $0.key < $1.key }) {
                    guard let value = value.flatMap(LogProbability.usable) else { continue }
                    if let index = names.firstIndex(of: EchoedText.shown(token)) { mass[index] += exp(min(value, 0)) }
                }
                return mass.map { $0 > 0 ? log($0) : nil }
            }
            return PlacedLogProbabilities(
                values: values, tokensIn: echo.tokensIn, tokensOut: echo.tokensOut, tokensCached: echo.tokensCached)
        }
    }

    private struct Echo {
        let tokens: [String]
        let values: [Double?]
        let likeliest: [[String: Double?]?]
        let ends: [EchoedText.End]
        let tokensIn: Int
        let tokensOut: Int
        let tokensCached: Int?
    }

    private static let advice = "methods that read given texts need /completions with echo and logprobs, as vLLM has it"

    private func echo(_ pieces: [String], likeliestTokens: Int) async throws(InferenceError) -> Echo {
        let request = CompletionRequest(
            model: configuration.model, prompt: pieces.joined(), likeliestTokens: likeliestTokens)
        let response = try await complete(try request.body())
        func failure(_ kind: InferenceError.Kind, _ message: String) -> InferenceError {
            InferenceError(kind, message, tokensIn: response.tokensIn, tokensOut: response.tokensOut)
        }
        guard let given = response.choices.first?.logprobs, given.values.contains(where: { $0 != nil }) else {
            throw failure(.unsupported, "the endpoint gave no log-probabilities of the text; \(Self.advice)")
        }
        let listed = (given.likeliest ?? []).flatMap { ($0 ?? [:]).values.compactMap(\.self) }
        if let fault = LogProbability.fault(in: given.values.compactMap(\.self) + listed) {
            throw failure(.unsupported, "\(fault); \(Self.advice)")
        }
        guard given.tokens.count == given.values.count, let ends = EchoedText.ends(of: pieces, in: given.tokens) else {
            throw failure(.unsupported, "the endpoint did not give the text back in its tokens; \(Self.advice)")
        }
        return Echo(
            tokens: given.tokens, values: given.values, likeliest: given.likeliest ?? [], ends: ends,
            tokensIn: response.tokensIn, tokensOut: response.tokensOut, tokensCached: response.tokensCached)
    }

    /// Sends a text; if the endpoint does not know the call or its fields, that is of kind `unsupported`.
    private func complete(_ body: [UInt8]) async throws(InferenceError) -> CompletionResponse {
        do {
            return try await exchange.asked(at: "/completions").answer(to: body) {
                (body, excerpt) throws(InferenceError) in
                try CompletionResponse(body, excerpt: excerpt)
            }
        } catch {
            let signs = ["answered 404", "the error 404", "answered 405", "answered 501", "echo", "logprob"]
            guard error.kind == .refused || error.kind == .serverFailure, signs.contains(where: error.message.contains)
            else { throw error }
            throw InferenceError(.unsupported, "\(error.message); \(Self.advice)")
        }
    }
}
