/// A text with places at which it is asked what would come next.
public struct PlacedText: Sendable, Hashable {
    /// What comes first and is the same over many texts, so that a prefix cache pays.
    public let prefix: String
    /// What follows, in order; there is a place after each piece.
    public let pieces: [String]

    /// Makes a text.
    public init(prefix: String, pieces: [String]) {
        self.prefix = prefix
        self.pieces = pieces
    }
}

/// How likely some alternatives are at the places of a text.
public struct PlacedLogProbabilities: Sendable, Hashable {
    /// `[places, alternatives]`: the natural logarithm of each one's probability, `nil` for one that the backend does not tell.
    ///
    /// Minus infinity is allowed, NaN is not.
    public let values: [[Double?]]
    /// The tokens of the text.
    public let tokensIn: Int
    /// The tokens of an answer, if the backend makes one.
    public let tokensOut: Int
    /// The tokens of what was sent that had been read before, from a cache of prefixes; `nil` if that is not said.
    public let tokensCached: Int?

    /// Makes a list of log-probabilities.
    public init(values: [[Double?]], tokensIn: Int, tokensOut: Int = 0, tokensCached: Int? = nil) {
        self.values = values
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
    }
}

/// How likely a text is after another one.
public struct TextLogProbability: Sendable, Hashable {
    /// The natural logarithm of the text's probability: the sum over every one of its tokens.
    public let value: Double
    /// The number of those tokens.
    public let tokens: Int
    /// The tokens of both texts.
    public let tokensIn: Int
    /// The tokens of an answer, if the backend makes one.
    public let tokensOut: Int
    /// The tokens of what was sent that had been read before, from a cache of prefixes; `nil` if that is not said.
    public let tokensCached: Int?

    /// Makes a log-probability.
    public init(value: Double, tokens: Int, tokensIn: Int, tokensOut: Int = 0, tokensCached: Int? = nil) {
        self.value = value
        self.tokens = tokens
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
    }
}

extension LanguageModelClient {
    /// Not, unless it says so.
    public var readsTexts: Bool { false }

    /// Throws kind `unsupported`.
    public func logProbability(of text: String, after prefix: String) async throws(InferenceError)
        -> TextLogProbability
    {
        throw InferenceError(.unsupported, "\(name) gives no probabilities of a given text")
    }

    /// One after the other, so that a cache of prefixes pays; a failure says what the texts before it cost, too.
    public func logProbabilities(
        of texts: [String], after prefix: String
    ) async throws(InferenceError) -> [TextLogProbability] {
        var found: [TextLogProbability] = []
        for text in texts {
            do throws(InferenceError) {
                found.append(try await logProbability(of: text, after: prefix))
            } catch {
                throw InferenceError(
                    error.kind, error.message, retryAfter: error.retryAfter,
                    tokensIn: found.reduce(error.tokensIn) { $0 + $1.tokensIn },
                    tokensOut: found.reduce(error.tokensOut) { $0 + $1.tokensOut })
            }
        }
        return found
    }

    /// Throws kind `unsupported`.
    public func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
        -> PlacedLogProbabilities
    {
        throw InferenceError(.unsupported, "\(name) gives no probabilities of a given text")
    }
}
