import Elements
import Examples

/// Asks a judge whether the marked tokens of a window are those at which a latent fires, going by its explanation.
///
/// Source: Paulo et al., arXiv 2410.13928, section 3 (fuzzing).
package enum Fuzzing: VerdictMethod {
    package static let name = "fuzzing"
    package static let paperTokens: PaperTokens? = PaperTokens(tokensIn: 19_600, cacheable: 14_200, tokensOut: 249)
    package static let delphiName: String? = "fuzz"

    // Calls in which both classes repeat tokens alike.
    static var version: String { JudgePrompt.version + ".mirrored" }
    static let task = """
        An explanation says what one unit inside a language model responds to. In each example some tokens \
        stand between << and >>. For each example decide whether the marks are right: whether the marked \
        tokens are those at which a unit with this explanation would respond.
        """

    static func questions(from heldOut: HeldOutSet, by choice: QuestionChoice, tokenDecoder: any TokenDecoder)
        -> QuestionSet
    {
        choice.fuzzing(from: heldOut, tokenDecoder: tokenDecoder)
    }

    static func questions(
        against tier: NegativeTier, _ windows: [PoolWindow], besides questions: [Question], by choice: QuestionChoice,
        tokenDecoder: any TokenDecoder
    ) -> TierQuestions {
        choice.fuzzing(tier, windows, besides: questions, tokenDecoder: tokenDecoder)
    }

    static func marks(of example: Example) -> [Bool]? {
        let marks = MarkedTokens.marks(of: example)
        return marks.contains(true) ? marks : nil
    }

    // One for each positive, of which there may be fewer than ten in all.
    static func mostNegatives(of plan: ScoringPlan) -> Int { plan.questions.count(where: \.isPositive) }

    static let shots: [JudgeShot] = [
        JudgeShot(
            explanation: "Names of metals.",
            examples: [
                (" the bowl was beaten out of<< copper>> by a smith in the old town⏎", true),
                (" lead<< pipes>> ran under the street to the well", false),
                (" prices for<< tin>> and<< nickel>> fell again on Tuesday, brokers", true),
                (" nobody on the<< ferry>> had thought to bring an umbrella", false),
                (" the ring was<< silver>>, not gold, whatever she had said", true),
            ],
            shownAlone: [0, 3]),
        JudgeShot(
            explanation: "Opening brackets of function calls in program code.",
            examples: [
                ("total = sum<<(>>values) / len<<(>>values)⏎", true),
                (" if (<<ready>>) { start(engine, 3); }", false),
                (" was the last of the<< kings>> of that country, and he", false),
            ],
            shownAlone: [2, 0]),
    ]
}
