package import Elements

/// Runs an explanation's predicate over every held-out window: an exact score without a judge.
public enum ExecutionScorer: ScoringMethod {
    package static let name = "execution"
    package static let needs = ModelNeeds.none
    package static let settles = true
    package static let scoresParts = true
    /// The version of the method; part of every job's name.
    public static let version = "execution-2"

    /// Resamples of the intervals of F1 (a binomial bootstrap within each class).
    static let resamples = 1000

    /// The score of a predicate on held-out positives and on every pool window in which the latent is silent, but for those of the
    /// ascending numbers `passedOver`.
    ///
    /// `matches` says whether the predicate holds in a window, given its token ids. With recent windows in the set the detail
    /// `current` is the current headline, as `CurrentEstimate` has it. `precision` and `f1` are those of the set as it is,
    /// in which negatives are many; `f1_balanced` weighs both classes the same, as in judged scores. The set's tiers are further
    /// negatives, each scored apart against the same positives; its own negatives are not asked about. Each of
    /// `parts` is scored on its own positives.
    ///
    /// Throws `ScoringError` of kind `tooFewExamples` if a class is empty.
    package static func score(
        _ subject: ScoreSubject, on heldOut: HeldOutSet, pool: NegativePool, passedOver: [Int] = [],
        parts: ExecutedParts? = nil, matches: (_ tokens: ArraySlice<UInt32>) -> Bool
    ) throws(ScoringError) -> Score {
        let alarms = pool.alarms(silent: subject.latent, besides: passedOver, where: matches)
        guard !heldOut.positives.isEmpty, alarms.silent > 0 else {
            throw ScoringError(
                .tooFewExamples,
                "latent \(subject.latent) has \(heldOut.positives.count) held-out windows in which it fires and "
                    + "\(alarms.silent) in which it is silent; \(name) needs both")
        }
        func holds(_ window: Window) -> Bool { matches(window.tokens[...]) }
        let partFigures = parts?.details(
            on: heldOut, pool: pool, silent: alarms.silent, latent: subject.latent, passedOver: passedOver)
        return ExecutionTally(
            subject: subject, heldOut: heldOut, pool: pool, passedOver: passedOver, silent: alarms.silent,
            alarms: alarms.windows,
            hits: heldOut.positives.map { holds($0.window) }, recentHits: heldOut.recent.map { holds($0.window) },
            tiers: NegativeTier.allCases.filter { $0 != .random }.compactMap { tier in
                heldOut.tiers[tier].map { draw in
                    ExecutionTally.Tier(tier: tier, draw: draw, wrong: draw.windows.map { holds($0.window) })
                }
            }, parts: partFigures ?? [:]
        ).score
    }
}
