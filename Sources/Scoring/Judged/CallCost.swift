import Inference

/// The tokens of some calls.
struct CallCost: Sendable, Hashable {
    var tokensIn = 0
    var tokensOut = 0
    /// Those of the tokens sent that the judge had read before; `nil` until a call says.
    var tokensCached: Int?

    /// Nothing has been asked.
    init() {}

    /// The cost of one call.
    init(tokensIn: Int, tokensOut: Int, tokensCached: Int?) {
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
    }

    /// What an answer cost that was of no use.
    init(_ failure: InferenceError) {
        self.init(tokensIn: failure.tokensIn, tokensOut: failure.tokensOut, tokensCached: nil)
    }

    /// The cost of an answer.
    init(_ answer: some TokenCounted) {
        self.init(tokensIn: answer.tokensIn, tokensOut: answer.tokensOut, tokensCached: answer.tokensCached)
    }

    /// Adds what others cost.
    mutating func add(_ other: CallCost) {
        tokensIn += other.tokensIn
        tokensOut += other.tokensOut
        if let cached = other.tokensCached { tokensCached = (tokensCached ?? 0) + cached }
    }
}
