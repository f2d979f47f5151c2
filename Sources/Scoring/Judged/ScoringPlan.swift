public import Elements
public import Hashing
import Inference

/// All that is needed to have one explanation judged, now or after a restart.
public struct ScoringPlan: Sendable, Hashable, Codable {
    /// The job's name.
    public let job: JobID
    /// The id of the score node.
    public let node: String
    /// The coder.
    public let coder: CoderIdentity
    /// The latent.
    public let latent: Int
    /// The job of the explanation.
    public let explanation: JobID
    /// The id of the explain node that made it.
    public let explainedBy: String
    /// The name of the control that this is; `nil` where the explanation is the latent's own.
    public let control: String?
    /// The explanation's text.
    public let text: String
    /// What is asked, in order.
    public let questions: [Question]
    /// What is asked besides, by tier of negatives; `nil` where only random ones are asked for.
    public let tiers: [TierQuestions]?
    /// What is asked about recent windows; `nil` where none is recent.
    public let fresh: FreshQuestions?
    /// The settings.
    public let settings: JudgedSettings
    /// The seed of every choice.
    public let seed: UInt64
    /// The version of the prompt.
    public let promptVersion: String
    /// The judge's name.
    public let judge: String
    /// The judge's digest.
    public let judgeDigest: Hash128
    /// How the held-out windows came about.
    public let heldOut: HeldOutAccount

    /// Chooses the questions for an explanation.
    ///
    /// `control` names a variation such as `shuffled` in which `explanation` is not the latent's own; `latent` then
    /// says on whose windows it is judged. Throws `ScoringError` of kind `tooFewExamples` where a class is empty.
    public init(
        node: String, explanation: Explanation, latent: Int? = nil, control: String? = nil, heldOut: HeldOutSet,
        settings: JudgedSettings, seed: UInt64, judge: String, judgeDigest: Hash128, tokens: any TokenText
    ) throws(ScoringError) {
        let target = latent ?? explanation.latent
        let choice = QuestionChoice(latent: target, seed: seed, settings: settings)
        let questions = settings.method.type.questions(from: heldOut, by: choice, text: tokens)
        guard questions.contains(where: \.isPositive), questions.contains(where: { !$0.isPositive }) else {
            throw ScoringError(
                .tooFewExamples,
                "latent \(target) has \(heldOut.positives.count) held-out windows in which it fires and "
                    + "\(heldOut.negatives.count) in which it is silent; \(settings.method.rawValue) needs both")
        }
        self.node = node
        coder = explanation.coder
        self.latent = target
        self.explanation = explanation.job
        explainedBy = explanation.node
        text = explanation.text
        self.control = control
        self.questions = questions
        let tiers = choice.tiers(from: heldOut, besides: questions, text: tokens)
        self.tiers = tiers.isEmpty ? nil : tiers
        let fresh = FreshQuestions(from: heldOut, besides: questions, settings: settings)
        self.fresh = fresh
        self.settings = settings
        self.seed = seed
        promptVersion = JudgePrompt.version
        self.judge = judge
        self.judgeDigest = judgeDigest
        self.heldOut = heldOut.account
        var named = settings.named
        named["explanation"] = "\(explanation.job)"
        named["text"] = explanation.text
        named["control"] = control ?? ""
        if !tiers.isEmpty { named["tiers"] = tiers.map(\.named).joined(separator: ",") }
        if let fresh { named["recent"] = fresh.named }
        job =
            JobRecipe(
                work: "score/\(settings.method.rawValue)", node: node, coder: explanation.coder, latent: target,
                windows: questions.map { question in
                    let truth: UInt8 = question.isPositive ? 2 : 0
                    let marks = question.marked.isEmpty ? [] : question.marked.map { truth | ($0 ? 1 : 0) }
                    return ShownWindow(tokens: question.tokens, levels: marks.isEmpty ? [truth] : marks)
                } + tiers.flatMap(\.shown) + (fresh?.shown ?? []),
                promptVersion: JudgePrompt.version, model: judgeDigest, settings: named, seed: seed
            ).id
    }

    /// All questions: first those of the headline, then those of each tier, then those about recent windows.
    var asked: [Question] { questions + (tiers ?? []).flatMap(\.questions) + (fresh?.questions ?? []) }

    /// The calls that the headline rests on: in form `list` runs of at most `examplesPerPrompt` questions, by index.
    var calls: [Range<Int>] { calls(to: questions.indices) }

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
    var freshCalls: [Range<Int>] { calls(to: asked.count - (fresh?.questions.count ?? 0)..<asked.count) }

    private func calls(to range: Range<Int>) -> [Range<Int>] {
        let size = settings.form == .list ? max(settings.examplesPerPrompt, 1) : 1
        return stride(from: range.lowerBound, to: range.upperBound, by: size)
            .map { $0..<min($0 + size, range.upperBound) }
    }
}
