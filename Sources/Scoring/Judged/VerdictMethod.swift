import Elements

/// A method by which a judge says of windows whether they are as an explanation has it.
protocol VerdictMethod: JudgedScoringMethod where Plan == ScoringPlan, Tools == ScoringTools {
    /// The version of what is asked; part of every job's name.
    static var version: String { get }
    /// The judge's instructions.
    static var task: String { get }
    /// Worked cases.
    static var shots: [JudgeShot] { get }

    /// The questions of the headline; none of a class for which there is nothing to ask.
    static func questions(from heldOut: HeldOutSet, by choice: QuestionChoice, tokenDecoder: any TokenDecoder)
        -> QuestionSet

    /// What is asked about the windows of a tier, besides the questions of the headline.
    static func questions(
        against tier: NegativeTier, _ windows: [PoolWindow], besides questions: [Question], by choice: QuestionChoice,
        tokenDecoder: any TokenDecoder
    ) -> TierQuestions

    /// `[tokens]`: the marks under which a window in which the latent fires is shown, or none; `nil` for a window that cannot be
    /// asked about.
    static func marks(of example: Example) -> [Bool]?

    /// The most negatives that a headline of a plan rests on.
    static func mostNegatives(of plan: ScoringPlan) -> Int
}

extension VerdictMethod {
    static var version: String { JudgePrompt.version }
    package static var needs: ModelNeeds { .answers }

    package static func plan(
        _ subject: PlanSubject, on evidence: PlanEvidence, settings: JudgedSettings
    ) throws(ScoringError) -> ScoringPlan {
        try ScoringPlan(subject: subject, heldOut: evidence.heldOut, settings: settings, tokens: evidence.tokenDecoder)
    }

    package static func run(_ plan: ScoringPlan, with tools: ScoringTools) async throws(ScoringError) -> Score {
        try await JudgedScorer.run(
            plan, judge: tools.judge, tokenDecoder: tools.tokenDecoder, concurrency: tools.concurrency
        ).score
    }
}

extension JudgedMethod {
    /// The method that a plan's settings name.
    var type: any VerdictMethod.Type {
        switch self {
        case .detection: Detection.self
        case .fuzzing: Fuzzing.self
        }
    }
}
