import Elements

/// Asks a judge in which windows a latent fires, going by its explanation.
///
/// Source: Paulo et al., arXiv 2410.13928, section 3 (detection).
package enum Detection: VerdictMethod {
    package static let name = "detection"
    package static let paperTokens: PaperTokens? = PaperTokens(tokensIn: 17_000, cacheable: 11_900, tokensOut: 240)
    package static let delphiName: String? = "detection"

    static let task = """
        An explanation says what one unit inside a language model responds to. For each example decide \
        whether the unit responds anywhere in it: whether the example has what the explanation describes.
        """

    static func questions(from heldOut: HeldOutSet, by choice: QuestionChoice, tokenDecoder: any TokenDecoder)
        -> QuestionSet
    {
        QuestionSet(questions: choice.detection(from: heldOut))
    }

    static func questions(
        against tier: NegativeTier, _ windows: [PoolWindow], besides questions: [Question], by choice: QuestionChoice,
        tokenDecoder: any TokenDecoder
    ) -> TierQuestions {
        let negatives = windows.prefix(max(choice.settings.negatives, 0)).map(QuestionChoice.negative)
        return TierQuestions(
            tier: tier, windows: negatives.count, questions: choice.mixed(negatives), positives: nil)
    }

    static func marks(of example: Example) -> [Bool]? { [] }

    static func mostNegatives(of plan: ScoringPlan) -> Int { plan.settings.negatives }

    static let shots: [JudgeShot] = [
        JudgeShot(
            explanation: "Names of metals.",
            examples: [
                (" the bowl was beaten out of copper by a smith in the old town⏎", true),
                (" and nobody on the ferry had thought to bring an umbrella", false),
                (" prices for tin and nickel fell again on Tuesday, brokers", true),
                ("⏎    for row in table:⏎        print(row)⏎", false),
                (" she left by the back door, humming, before the guests came", false),
            ],
            shownAlone: [0, 1]),
        JudgeShot(
            explanation: "Opening brackets of function calls in program code.",
            examples: [
                ("total = sum(values) / len(values)⏎", true),
                (" was the last of the kings of that country, and he", false),
                (" if (ready) { start(engine, 3); }", true),
            ],
            shownAlone: [1, 2]),
    ]
}
