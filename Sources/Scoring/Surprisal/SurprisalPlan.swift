public import Elements

/// Settings of surprisal.
public struct SurprisalSettings: Sendable, Hashable, Codable {
    /// The most held-out positives.
    public var positives = 50
    /// The most negatives.
    public var negatives = 50
    /// Blocks of rank from which positives are drawn evenly.
    public var quantiles = 10
    /// Resamples of the bootstrap.
    public var resamples = 1000

    /// Makes the default settings.
    public init() {}
}

/// All that is needed to measure by how much one explanation makes held-out windows less surprising, now or after a restart.
public struct SurprisalPlan: SubjectPlan, Hashable {
    /// The job's name.
    public let job: JobID
    /// The explanation that is scored, and the judge.
    public let subject: PlanSubject
    /// The windows, in order.
    public let questions: [Question]
    /// The questions about recent windows; `nil` if none is recent.
    public let fresh: FreshQuestions?
    /// The settings.
    public let settings: SurprisalSettings

    /// Chooses the windows as detection does: with the same seed and numbers from the same set they are the same ones.
    ///
    /// Throws `ScoringError` of kind `tooFewExamples` if a class is empty.
    public init(
        subject: PlanSubject, heldOut: HeldOutSet, settings: SurprisalSettings
    ) throws(ScoringError) {
        var choice = JudgedSettings(method: .detection)
        choice.positives = settings.positives
        choice.negatives = settings.negatives
        choice.quantiles = settings.quantiles
        questions = QuestionChoice(latent: subject.latent, seed: subject.seed, settings: choice)
            .detection(from: heldOut)
        try heldOut.check(questions, latent: subject.latent, method: SurprisalScorer.name)
        let fresh = FreshQuestions(from: heldOut, besides: questions, settings: choice)
        self.fresh = fresh
        self.subject = subject
        self.settings = settings
        var named = [
            "positives": "\(settings.positives)", "negatives": "\(settings.negatives)",
            "quantiles": "\(settings.quantiles)", "resamples": "\(settings.resamples)",
        ]
        if let fresh { named["recent"] = fresh.named }
        job = subject.job(
            method: SurprisalScorer.name, version: SurprisalPrompt.version,
            windows: questions.map { $0.shown(as: $0.isPositive ? 1 : 0) } + (fresh?.shown ?? []), settings: named)
    }

    /// All windows: first those of the headline, then the further recent ones.
    var asked: [Question] { questions + (fresh?.questions ?? []) }
}
