import Elements
package import Scoring

/// The questions of a score node about the explanations of one explain node, and their cost; controls are left out.
public struct ScoringCost: Sendable, Hashable {
    /// Explanations that were scored or settled.
    public let explanations: Int
    /// Tokens sent.
    public let tokensIn: Int
    /// Tokens received.
    public let tokensOut: Int
    /// Tokens sent that a server said it had in its cache; `nil` if none ever said.
    public let tokensCached: Int?
    /// Questions asked, over the explanations for which not all had to be asked.
    public let asked: Int
    /// Questions available for these explanations.
    public let available: Int
    /// Explanations by the verdict of a sequential test, settled ones included.
    public let verdicts: [String: Int]
    /// Explanations for which no judge was asked, by the node whose cheaper score settled them.
    public let settled: [String: Int]
    /// The paper's figure for the method; `nil` if it has none.
    package let paper: PaperTokens?

    /// The tokens sent and received per explanation; `nil` without any.
    public var perExplanation: (tokensIn: Double, tokensOut: Double, cached: Double?)? {
        guard explanations > 0 else { return nil }
        let count = Double(explanations)
        return (Double(tokensIn) / count, Double(tokensOut) / count, tokensCached.map { Double($0) / count })
    }

    /// Adds scores of one method up.
    init(_ scores: [Score], method: String) {
        explanations = scores.count
        tokensIn = scores.reduce(0) { $0 + $1.tokensIn }
        tokensOut = scores.reduce(0) { $0 + $1.tokensOut }
        let cached = scores.compactMap(\.tokensCached)
        tokensCached = cached.isEmpty ? nil : cached.reduce(0, +)
        let accounts = scores.compactMap(\.sequential)
        asked = accounts.reduce(0) { $0 + $1.asked }
        available = accounts.reduce(0) { $0 + $1.available }
        verdicts = Dictionary(accounts.map { ($0.verdict, 1) }, uniquingKeysWith: +)
        settled = Dictionary(accounts.compactMap { $0.settledBy.map { ($0, 1) } }, uniquingKeysWith: +)
        paper = ScoringMethods.named(method)?.paperTokens
    }
}
