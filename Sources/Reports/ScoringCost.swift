import Elements
package import Scoring

/// What a score node asked about the explanations of one explain node, and what that took; controls are left out.
public struct ScoringCost: Sendable, Hashable {
    /// Explanations dealt with.
    public let explanations: Int
    /// Tokens sent.
    public let tokensIn: Int
    /// Tokens answered with.
    public let tokensOut: Int
    /// Tokens sent that a server said it had in its cache; `nil` where none ever said.
    public let tokensCached: Int?
    /// Questions asked, over the explanations of which not all had to be.
    public let asked: Int
    /// Questions there were for these.
    public let available: Int
    /// Explanations by what a sequential test said of them, settled ones among them.
    public let verdicts: [String: Int]
    /// Explanations for which no judge was asked, by the node whose cheaper score settled them.
    public let settled: [String: Int]
    /// What the paper has for the method; `nil` where it has nothing.
    package let paper: PaperTokens?

    /// The tokens sent and answered with per explanation; `nil` without any.
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
