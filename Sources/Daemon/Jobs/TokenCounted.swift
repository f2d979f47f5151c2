import Inference
import Scoring

/// An answer of a model that says how many tokens it took.
protocol TokenCounted {
    /// Tokens sent.
    var tokensIn: Int { get }
    /// Tokens answered with.
    var tokensOut: Int { get }
    /// Tokens sent that came from a cache of prefixes; `nil` if the backend does not say.
    var tokensCached: Int? { get }
}

extension TokenCounted {
    var tokensOut: Int { 0 }
    var tokensCached: Int? { nil }
}

extension Completion: TokenCounted {}
extension AnswerLogProbabilities: TokenCounted {}
extension TextLogProbability: TokenCounted {}
extension PlacedLogProbabilities: TokenCounted {}

extension TextEmbedding: TokenCounted {
    var tokensIn: Int { tokens }
}

extension Array: TokenCounted where Element: TokenCounted {
    var tokensIn: Int { reduce(0) { $0 + $1.tokensIn } }
    var tokensOut: Int { reduce(0) { $0 + $1.tokensOut } }
}
