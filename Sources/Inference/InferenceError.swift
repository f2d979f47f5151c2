/// Why a model gave no usable answer.
public struct InferenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; the raw value is safe as a metric label.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The endpoint understood and declined: bad key, unknown model, content filter.
        case refused
        /// The endpoint could not be reached, or the connection broke.
        case unreachable
        /// No answer within the time allowed.
        case timedOut = "timed-out"
        /// Too many requests.
        case rateLimited = "rate-limited"
        /// The endpoint failed on its side.
        case serverFailure = "server-failure"
        /// The endpoint says that it cannot serve for now.
        case unavailable
        /// An answer broke off, or what came is no answer of such an endpoint.
        case garbled
        /// An answer came, but not in the shape that the protocol or the question asks for.
        case badAnswer = "bad-answer"
        /// The backend cannot do what was asked.
        case unsupported
        /// The prompt does not fit the model's context.
        case tooLong = "too-long"
        /// The topology's budget of calls or tokens is spent.
        case budgetSpent = "budget-spent"
        /// The work was called off.
        case cancelled
    }

    /// The kind of failure.
    public let kind: Kind
    /// A description of the failure, for a person.
    public let message: String
    /// How long the endpoint asked to wait before the next call; `nil` if it did not say.
    public let retryAfter: Duration?
    /// Tokens sent for an answer that came and was of no use: they cost what others do.
    public let tokensIn: Int
    /// The tokens of that answer.
    public let tokensOut: Int
    /// How these tokens are charged.
    public let billing: AnswerBilling

    /// Makes an error.
    public init(
        _ kind: Kind, _ message: String, retryAfter: Duration? = nil, tokensIn: Int = 0, tokensOut: Int = 0,
        billing: AnswerBilling = .full
    ) {
        self.billing = billing
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
    }

    /// Whether the same call may succeed later.
    public var isRetriable: Bool {
        switch kind {
        case .unreachable, .timedOut, .rateLimited, .serverFailure, .unavailable, .garbled: true
        case .refused, .badAnswer, .unsupported, .tooLong, .budgetSpent, .cancelled: false
        }
    }

    /// Whether it says of the endpoint, whatever it was asked, that it cannot be asked now.
    var isOutage: Bool {
        switch kind {
        case .unreachable, .unavailable, .rateLimited: true
        case .refused, .timedOut, .serverFailure, .garbled, .badAnswer, .unsupported, .tooLong, .budgetSpent,
            .cancelled:
            false
        }
    }

    /// Whether the question is still open: the call may succeed later, or was called off before it could.
    package var isMendable: Bool { isRetriable || kind == .cancelled }

    /// The same failure, told of a model by name.
    func told(of who: String) -> InferenceError {
        InferenceError(
            kind, "\(who): \(message)", retryAfter: retryAfter, tokensIn: tokensIn, tokensOut: tokensOut,
            billing: billing)
    }

    /// The same failure, after other answers to the same call that have cost tokens.
    package func costing(tokensIn: Int, tokensOut: Int = 0) -> InferenceError {
        InferenceError(
            kind, message, retryAfter: retryAfter, tokensIn: self.tokensIn + tokensIn,
            tokensOut: self.tokensOut + tokensOut, billing: billing)
    }

    /// The kind as a word without any value from the call, safe as a metric label.
    public var shortDescription: String { kind.rawValue }

    /// The kind and the message.
    public var description: String { "\(kind.rawValue): \(message)" }
}
