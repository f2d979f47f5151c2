public import Elements
public import Hashing
import Inference

/// All that is needed to have one explanation judged, now or after a restart.
public struct ScoringPlan: SubjectPlan, Hashable {
    /// The job's name.
    public let job: JobID
    /// The explanation that is scored, and the judge.
    public let subject: PlanSubject
    /// The questions, in order.
    public let questions: [Question]
    /// The number of questions in each call of the headline's; `nil` for as many as the settings say.
    public let callSizes: [Int]?
    /// What is asked besides, by tier of negatives; `nil` if only random ones are asked for.
    public let tiers: [TierQuestions]?
    /// The questions about recent windows; `nil` if none is recent.
    public let fresh: FreshQuestions?
    /// Questions about windows of the train side, from which a threshold can be fitted; `nil` for none.
    public let calibration: [Question]?
    /// The settings.
    public let settings: JudgedSettings
    /// The version of the prompt.
    public let promptVersion: String

    /// Chooses the questions; those for `settings.calibration` from `train`, of which no window is held out.
    ///
    /// Throws `ScoringError` of kind `tooFewExamples` if a class is empty.
    public init(
        subject: PlanSubject, heldOut: HeldOutSet, train: TrainWindows? = nil, settings: JudgedSettings,
        tokens: any TokenDecoder
    ) throws(ScoringError) {
        let method = settings.method.type
        let choice = QuestionChoice(latent: subject.latent, seed: subject.seed, settings: settings)
        let chosen = method.questions(from: heldOut, by: choice, tokenDecoder: tokens)
        let clip = settings.clip.map { QuestionClip(width: $0, examples: heldOut.positives + heldOut.recent) }
        let shown = { (question: Question) in clip?.clipped(question) ?? question }
        let questions = chosen.questions.map(shown)
        try heldOut.check(questions, latent: subject.latent, method: method.name)
        let tiers = choice.tiers(from: heldOut, besides: chosen.questions, tokenDecoder: tokens)
            .map { $0.shownBy(shown) }
        let fresh = FreshQuestions(from: heldOut, besides: questions, settings: settings)?.shownBy(shown)
        let calibration = train.flatMap { train in
            choice.calibration(from: train, tokenDecoder: tokens)?.map { question in
                settings.clip.map { QuestionClip(width: $0, examples: train.positives).clipped(question) } ?? question
            }
        }
        self.subject = subject
        self.questions = questions
        callSizes = chosen.calls
        self.calibration = calibration
        self.tiers = tiers.isEmpty ? nil : tiers
        self.fresh = fresh
        self.settings = settings
        promptVersion = method.version
        var named = settings.named
        if let sizes = chosen.calls { named["calls"] = sizes.map { "\($0)" }.joined(separator: " ") }
        if !tiers.isEmpty { named["tiers"] = tiers.map(\.named).joined(separator: ",") }
        if let fresh { named["recent"] = fresh.named }
        job = subject.job(
            method: method.name, version: method.version,
            windows: questions.map { $0.shown(as: $0.isPositive ? 2 : 0) } + tiers.flatMap(\.shown)
                + (fresh?.shown ?? []) + (calibration ?? []).map { $0.shown(as: $0.isPositive ? 18 : 16) },
            settings: named)
    }

    /// All questions: first those of the headline, then those of each tier, then those about recent windows, then those
    /// about windows of the train side.
    var asked: [Question] {
        questions + (tiers ?? []).flatMap(\.questions) + (fresh?.questions ?? []) + (calibration ?? [])
    }

    /// The calls that the headline rests on: in form `list` runs of `callSizes`, or of at most
    /// `examplesPerPrompt` questions, by index.
    var calls: [Range<Int>] {
        // A stored plan may have been damaged: sizes that do not fit are no reason to leave questions out or trap.
        guard let callSizes, callSizes.allSatisfy({ $0 > 0 && $0 <= questions.count }),
            callSizes.reduce(0, +) == questions.count
        else { return calls(to: questions.indices) }
        var end = 0
        return callSizes.map { size in
            end += size
            return end - size..<end
        }
    }

    /// The calls about further tiers, by index into `asked`: no call holds questions of two, so that what is asked of one
    /// does not change what is said of another.
    var tierCalls: [Range<Int>] {
        var start = questions.count
        return (tiers ?? []).flatMap { tier in
            defer { start += tier.questions.count }
            return calls(to: start..<start + tier.questions.count)
        }
    }

    /// The calls about recent windows, by index into `asked`.
    var freshCalls: [Range<Int>] { calls(to: freshQuestions) }

    /// The questions about recent windows, by index into `asked`.
    var freshQuestions: Range<Int> {
        let end = asked.count - (calibration?.count ?? 0)
        return end - (fresh?.questions.count ?? 0)..<end
    }

    /// The calls about windows of the train side, by index into `asked`.
    var calibrationCalls: [Range<Int>] { calls(to: freshQuestions.upperBound..<asked.count) }

    private func calls(to range: Range<Int>) -> [Range<Int>] {
        let size = settings.form == .list ? max(settings.examplesPerPrompt, 1) : 1
        return stride(from: range.lowerBound, to: range.upperBound, by: size)
            .map { $0..<min($0 + size, range.upperBound) }
    }
}

extension ScoringPlan: Codable {
    private enum CodingKeys: String, CodingKey {
        case job, questions, callSizes, tiers, fresh, calibration, settings, promptVersion
    }

    /// Reads what `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        job = try container.decode(JobID.self, forKey: .job)
        subject = try PlanSubject(from: decoder)
        questions = try container.decode([Question].self, forKey: .questions)
        callSizes = try container.decodeIfPresent([Int].self, forKey: .callSizes)
        tiers = try container.decodeIfPresent([TierQuestions].self, forKey: .tiers)
        fresh = try container.decodeIfPresent(FreshQuestions.self, forKey: .fresh)
        calibration = try container.decodeIfPresent([Question].self, forKey: .calibration)
        settings = try container.decode(JudgedSettings.self, forKey: .settings)
        promptVersion = try container.decode(String.self, forKey: .promptVersion)
    }

    /// Writes the subject's members beside the plan's own: stored plans have stood so since before there was a subject.
    public func encode(to encoder: any Encoder) throws {
        try subject.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(job, forKey: .job)
        try container.encode(questions, forKey: .questions)
        try container.encodeIfPresent(callSizes, forKey: .callSizes)
        try container.encodeIfPresent(tiers, forKey: .tiers)
        try container.encodeIfPresent(fresh, forKey: .fresh)
        try container.encodeIfPresent(calibration, forKey: .calibration)
        try container.encode(settings, forKey: .settings)
        try container.encode(promptVersion, forKey: .promptVersion)
    }
}
