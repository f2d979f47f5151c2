package import Elements
package import Inference

/// The tools that carry out the plans of a method that asks one judge.
package struct ScoringTools: Sendable {
    /// The judge.
    package let judge: any LanguageModelClient
    /// The texts of the subject's tokens.
    package let tokenDecoder: any TokenDecoder
    /// The most calls under way at a time.
    package let concurrency: Int

    /// Brings tools together.
    package init(judge: any LanguageModelClient, tokenDecoder: any TokenDecoder, concurrency: Int) {
        self.judge = judge
        self.tokenDecoder = tokenDecoder
        self.concurrency = concurrency
    }
}

extension JudgedScoringMethod where Tools == ScoringTools {
    /// Carries a plan out with at most `concurrency` calls under way.
    package static func run(
        _ plan: Plan, judge: any LanguageModelClient, tokenDecoder: any TokenDecoder, concurrency: Int
    ) async throws(ScoringError) -> Score {
        try await run(plan, with: ScoringTools(judge: judge, tokenDecoder: tokenDecoder, concurrency: concurrency))
    }
}
