package import Elements
package import Inference

/// The tools that carry out the plans of a method that asks one judge.
package struct ScoringTools: Sendable {
    /// The judge.
    package let judge: any Judge
    /// The texts of the subject's tokens.
    package let text: any TokenText
    /// The most calls under way at a time.
    package let concurrency: Int

    /// Brings tools together.
    package init(judge: any Judge, text: any TokenText, concurrency: Int) {
        self.judge = judge
        self.text = text
        self.concurrency = concurrency
    }
}

extension JudgedScoringMethod where Tools == ScoringTools {
    /// Carries a plan out with at most `concurrency` calls under way.
    package static func run(
        _ plan: Plan, judge: any Judge, text: any TokenText, concurrency: Int
    ) async throws(ScoringError) -> Score {
        try await run(plan, with: ScoringTools(judge: judge, text: text, concurrency: concurrency))
    }
}
