import Elements
public import Hashing
import Statistics

/// What is asked about recent windows besides the questions of the headline, for the current estimate.
public struct FreshQuestions: Sendable, Hashable, Codable {
    /// The windows of the headline's positives that are recent.
    public let recent: [Hash128]
    /// Recent windows in which the latent fires that the uniform sample of all time does not hold.
    public let questions: [Question]

    /// Chooses at most half the number of the headline's positives, of lowest priority; `nil` if no window is recent.
    ///
    /// For fuzzing they bear their own marks: the negatives of the headline stand for them too.
    init?(from heldOut: HeldOutSet, besides asked: [Question], settings: JudgedSettings) {
        let identities = Set(heldOut.recent.map(\.window.identity))
        recent = asked.filter { $0.isPositive && identities.contains($0.identity) }.map(\.identity)
        // One of the all-time sample that was not chosen is no more recent for that.
        let sampled = Set(heldOut.positives.map(\.window.identity))
        questions = heldOut.recent.filter { !sampled.contains($0.window.identity) }
            .compactMap { example -> Question? in
                guard let marks = settings.method.type.marks(of: example) else { return nil }
                return Question(
                    identity: example.window.identity, tokens: example.window.tokens, marked: marks, isPositive: true,
                    block: nil, document: example.document)
            }.prefix(max(settings.positives / 2, 0)).map(\.self)
        if recent.isEmpty, questions.isEmpty { return nil }
    }

    private init(recent: [Hash128], questions: [Question]) {
        self.recent = recent
        self.questions = questions
    }

    /// The same with each question as it is shown.
    func shownBy(_ shown: (Question) -> Question) -> FreshQuestions {
        FreshQuestions(recent: recent, questions: questions.map(shown))
    }

    /// The recent windows as they go into a job's name.
    var named: String { recent.map(\.description).joined(separator: " ") }

    /// The further windows as they go into a job's name.
    var shown: [ShownWindow] { questions.map { $0.shown(as: 8) } }
}

extension JudgedTally {
    /// The current headline, by the same verdicts and those on the fresh windows; `nil` if no window is recent.
    ///
    /// Answers of one call err together: the effective numbers are divided by the design effect of the headline's verdicts.
    func current(_ answered: [Answered], _ clustered: ClusteredVerdicts) -> Estimate? {
        guard let fresh = plan.fresh else { return nil }
        let recent = Set(fresh.recent)
        let further = self.answered(fresh.questions, from: plan.freshQuestions.lowerBound)
        guard clustered.table.positives > 0, clustered.table.negatives > 0 else { return nil }
        if plan.settings.figure == .area {
            let all = answered + further
            return CurrentEstimate.area(
                scores: all.compactMap(\.verdict.probability), isPositive: all.map(\.question.isPositive),
                isRecent: answered.map { $0.question.isPositive && recent.contains($0.question.identity) }
                    + further.map { _ in true },
                resamples: plan.settings.resamples, seed: areaSeed)
        }
        let hits = answered.filter(\.question.isPositive).map { ($0.isYes, recent.contains($0.question.identity)) }
        let clustering = clustered.designEffect(slopes: RateFigure.balancedAccuracy.slopes(0.5, 0.5))
        return CurrentEstimate.balancedAccuracy(
            hits: hits + further.map { ($0.isYes, true) }, negatives: clustered.table.trueNegativeRate,
            effect: clustering?.effect ?? 1)
    }
}
