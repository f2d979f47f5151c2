/// An answer of a model that says how many tokens it took.
package protocol TokenCounted {
    /// Tokens sent.
    var tokensIn: Int { get }
    /// Tokens answered with.
    var tokensOut: Int { get }
    /// Tokens sent that came from a cache of prefixes; `nil` if the backend does not say.
    var tokensCached: Int? { get }
    /// How they are charged.
    var billing: AnswerBilling { get }
}

extension TokenCounted {
    package var tokensOut: Int { 0 }
    package var tokensCached: Int? { nil }
    package var billing: AnswerBilling { .full }
}

extension Completion: TokenCounted {}
extension AnswerLogProbabilities: TokenCounted {}
extension TextLogProbability: TokenCounted {}
extension PlacedLogProbabilities: TokenCounted {}

extension Array: TokenCounted where Element: TokenCounted {
    package var tokensIn: Int { reduce(0) { $0 + $1.tokensIn } }
    package var tokensOut: Int { reduce(0) { $0 + $1.tokensOut } }
}
