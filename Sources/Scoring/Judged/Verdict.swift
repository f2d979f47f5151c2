public import Elements
public import Inference

/// A judge's answer to one question.
public struct Verdict: Sendable, Hashable {
    /// Whether it said yes; `nil` if it failed to say.
    public var isYes: Bool?
    /// The probability of yes, if the form of the answer gives one.
    public var probability: Double?
    /// The call in which it was given: verdicts of one call are not independent.
    public var call: Int
    /// Why there is no verdict.
    public var failure: InferenceError?

    /// Makes a verdict.
    public init(isYes: Bool?, probability: Double? = nil, call: Int, failure: InferenceError? = nil) {
        self.isYes = isYes
        self.probability = probability
        self.call = call
        self.failure = failure
    }
}

/// What came of having an explanation judged.
public struct JudgedOutcome: Sendable, Hashable {
    /// The score; its headline is `nil` if a class got no verdict.
    public let score: Score
    /// `[questions]`: the verdicts, in the order of the plan's questions, then those of each tier and about recent
    /// windows.
    public let verdicts: [Verdict]

    /// What of the verdicts on the headline's questions is missing.
    var loss: AnswerLoss?

    /// Why this is no score: no verdict on a class, more than a tenth of the verdicts missing because the judge could not
    /// be reached, more than a third for any reason, or those of one side; or work called off or without a budget; `nil` if it is one.
    public var insufficiency: ScoringError? {
        let failures = verdicts.compactMap(\.failure)
        let mendable = failures.filter(\.isMendable)
        let isCutOff = wasCancelled || failures.contains { $0.kind == .budgetSpent }
        let lost = AnswerLoss(missing: failures.count, of: verdicts.count).reason ?? loss?.reason
        guard score.headline == nil || isCutOff || mendable.count * 10 > verdicts.count || lost != nil else {
            return nil
        }
        let first = mendable.first ?? failures.first
        // None at all came says so by itself.
        let why = lost.flatMap { failures.count < verdicts.count ? "; \($0)" : nil } ?? ""
        let reason = why + (first.map { "; the first failure: \($0)" } ?? "")
        return ScoringError(
            .judgeFailed, "\(verdicts.count { $0.isYes != nil }) of \(verdicts.count) verdicts came\(reason)",
            isRetriable: !mendable.isEmpty)
    }
    /// Whether the work was called off before it was done, so that its score must not be kept.
    public var wasCancelled: Bool { verdicts.contains { $0.failure?.kind == .cancelled } }
}
