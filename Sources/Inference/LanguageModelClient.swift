public import Hashing

/// A model's answer.
public struct Completion: Sendable, Hashable {
    /// The answer, without the prompt's `answerPrefix`.
    public let text: String
    /// The tokens of the prompt.
    public let tokensIn: Int
    /// The tokens of the answer.
    public let tokensOut: Int
    /// The tokens of the prompt that had been read before, from a cache of prefixes; `nil` if that is not said.
    public let tokensCached: Int?
    /// Whether the answer ended because it was as long as it might be, and not because it was done.
    public let isCutOff: Bool
    /// How it is charged.
    public let billing: AnswerBilling

    /// Makes a completion.
    public init(
        text: String, tokensIn: Int, tokensOut: Int, tokensCached: Int? = nil, isCutOff: Bool = false,
        billing: AnswerBilling = .full
    ) {
        self.billing = billing
        self.isCutOff = isCutOff
        self.text = text
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
    }
}

/// How likely a model finds each of some answers.
public struct AnswerLogProbabilities: Sendable, Hashable {
    /// The natural logarithm of each answer's probability, in the order asked; minus infinity is allowed, NaN is not.
    public let values: [Double]
    /// The tokens of the prompt.
    public let tokensIn: Int
    /// The tokens of the answers, if the backend counts them.
    public let tokensOut: Int
    /// The tokens of the prompt that had been read before, from a cache of prefixes; `nil` if that is not said.
    public let tokensCached: Int?
    /// How they are charged.
    public let billing: AnswerBilling

    /// Makes a list of log-probabilities.
    public init(
        values: [Double], tokensIn: Int, tokensOut: Int = 0, tokensCached: Int? = nil, billing: AnswerBilling = .full
    ) {
        self.billing = billing
        self.values = values
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
    }
}

/// A language model that explains and judges: whatever answers a chat.
///
/// Unless they are to be drawn, answers are those of temperature 0, so that a repeated call gives the same answer as far as the backend can.
public protocol LanguageModelClient: Sendable {
    /// The model's name, for people.
    var name: String { get }
    /// A hash of what decides its answers, but for what a call itself says: weights, or endpoint and model name, and settings.
    var digest: Hash128 { get }
    /// Whether `logProbabilities` can be asked for.
    var offersLogProbabilities: Bool { get }
    /// Whether log-probabilities are to be preferred to lists if the user did not choose.
    var prefersLogProbabilities: Bool { get }
    /// Whether the probabilities of given texts can be asked for; at an endpoint it shows only when they are.
    var readsTexts: Bool { get }
    /// Whether calls are refused, with kind `budgetSpent`, because what they may cost is spent.
    var hasSpentBudget: Bool { get }
    /// Whether calls are called off because the server has been away for longer than the run waits.
    var hasGivenUp: Bool { get }

    /// The number of tokens of a prompt; `nil` if only the model itself can tell.
    func tokens(in prompt: Prompt) -> Int?

    /// Answers a prompt in at most `maximumTokens` tokens.
    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion

    /// Answers a prompt in at most `maximumTokens` tokens that are drawn.
    ///
    /// Throws kind `unsupported` if the backend gives its likeliest answer only, and for a temperature that is no positive number.
    func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion

    /// The log-probabilities with which the assistant's turn (after `answerPrefix`, if given) would be each of `answers`.
    ///
    /// Throws kind `unsupported` if `offersLogProbabilities` is false.
    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities

    /// How likely a text is right after another one, without any turns of a chat.
    ///
    /// Throws kind `unsupported` if `readsTexts` is false or turns out to be.
    func logProbability(of text: String, after prefix: String) async throws(InferenceError) -> TextLogProbability

    /// How likely each of some texts is right after the same other one.
    ///
    /// Throws as for one text.
    func logProbabilities(of texts: [String], after prefix: String) async throws(InferenceError) -> [TextLogProbability]

    /// How likely each of some alternatives is at each place of a text, without any turns of a chat.
    ///
    /// Throws kind `unsupported` if `readsTexts` is false or turns out to be.
    func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
        -> PlacedLogProbabilities
}

extension LanguageModelClient {
    /// Where they are offered.
    public var prefersLogProbabilities: Bool { offersLogProbabilities }
    /// Never, unless the model is one whose calls are paid for.
    public var hasSpentBudget: Bool { false }
    /// Never, unless it is behind a gate.
    public var hasGivenUp: Bool { false }
    /// Not known.
    public func tokens(in prompt: Prompt) -> Int? { nil }
}
