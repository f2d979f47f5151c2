public import Elements
import Hashing
import Inference
import Statistics

/// Runs an explanation's predicate over every held-out window: an exact score without a judge.
public enum ExecutionScorer: ScoringMethod {
    package static let name = "execution"
    package static let needs = ModelNeeds.none
    package static let settles = true
    /// The version of the method; part of every job's name.
    public static let version = "execution-1"

    /// Resamples behind the intervals of F1 (a binomial bootstrap within each class).
    static let resamples = 1000

    /// The score of a predicate on held-out positives and on every pool window in which the latent is silent.
    ///
    /// `matches` says whether the predicate holds in a window, given its token ids. `positives` are test windows after
    /// those known to the train side are taken out, of which `account` tells. `latent` and `control` are those of
    /// `ScoringPlan`. Throws `ScoringError` of kind `tooFewExamples` where a class is empty.
    ///
    /// `recent` are held-out windows of the last two days of event time, some of them among `positives`: with any the detail
    /// `current` is the headline of now, as `CurrentEstimate` has it.
    ///
    /// `precision` and `f1` are those of the set as it is, in which negatives are many; `f1_balanced` weighs both
    /// classes the same, as in judged scores.
    ///
    /// `tiers` are further negatives, each scored apart against the same positives.
    public static func score(
        node: String, explanation: Explanation, latent: Int? = nil, control: String? = nil, positives: [Example],
        recent: [Example] = [], account: HeldOutAccount, pool: NegativePool, tiers: [NegativeTier: TierDraw] = [:],
        seed: UInt64,
        matches: (_ tokens: ArraySlice<UInt32>) -> Bool
    ) throws(ScoringError) -> Score {
        let target = latent ?? explanation.latent
        let alarms = pool.alarms(silent: target, where: matches)
        guard !positives.isEmpty, alarms.silent > 0 else {
            throw ScoringError(
                .tooFewExamples,
                "latent \(target) has \(positives.count) held-out windows in which it fires and \(alarms.silent) in which "
                    + "it is silent; \(name) needs both")
        }
        let hits = positives.map { matches($0.window.tokens[...]) }
        let found = hits.count { $0 }
        let table = ConfusionTable(
            truePositives: found, falseNegatives: positives.count - found,
            trueNegatives: alarms.silent - alarms.windows.count, falsePositives: alarms.windows.count)
        var settings = [
            "explanation": "\(explanation.job)", "predicate": explanation.predicate ?? "", "control": control ?? "",
            "negatives": "\(pool.digest)", "resamples": "\(resamples)",
        ]
        let drawn = NegativeTier.allCases.filter { $0 != .random }.compactMap { tier in
            tiers[tier].map { (tier: tier, draw: $0) }
        }
        if !drawn.isEmpty {
            settings["tiers"] = drawn.map { "\($0.tier.rawValue):\($0.draw.count)" }.joined(separator: ",")
        }
        let job = JobRecipe(
            work: "score/\(name)", node: node, coder: explanation.coder, latent: target,
            windows: positives.map { ShownWindow(tokens: $0.window.tokens) }
                + recent.map { ShownWindow(tokens: $0.window.tokens, levels: [1]) }
                + drawn.flatMap { $0.draw.windows.map { ShownWindow(tokens: $0.window.tokens, levels: [4]) } },
            promptVersion: version, model: nil,
            settings: settings, seed: seed
        ).id
        var details = account.details
        details["true_positive_rate"] = table.truePositiveRate
        details["true_negative_rate"] = table.trueNegativeRate
        details["precision"] = table.precision
        if !recent.isEmpty {
            let identities = Set(recent.map(\.window.identity))
            let older = positives.filter { !identities.contains($0.window.identity) }
            details[CurrentEstimate.name] = CurrentEstimate.balancedAccuracy(
                hits: older.map { (matches($0.window.tokens[...]), false) }
                    + recent.map { (matches($0.window.tokens[...]), true) },
                negatives: table.trueNegativeRate)
        }
        details.merge(HarmonicMeans.estimates(of: table, resamples: resamples, seed: seed ^ job.low)) { $1 }
        let headline = BalancedAccuracy.estimate(of: table)
        var scored: [TierScore] = []
        if !drawn.isEmpty {
            let isAvailable = alarms.silent >= NegativeTier.fewest
            scored = [TierScore(tier: .random, figure: isAvailable ? headline : nil, windows: alarms.silent)]
        }
        for (tier, draw) in drawn {
            let wrong = draw.windows.map { matches($0.window.tokens[...]) }
            let tierTable = ConfusionTable(
                truePositives: found, falseNegatives: positives.count - found,
                trueNegatives: wrong.count { !$0 }, falsePositives: wrong.count { $0 })
            scored.append(
                TierScore(
                    tier: tier, figure: BalancedAccuracy.estimate(of: tierTable), windows: draw.count,
                    replicates: ScoreReplicates(
                        documents: positives.map(\.document) + draw.windows.map(\.document),
                        isPositive: hits.map { _ in true } + wrong.map { _ in false }, isYes: hits + wrong)))
        }
        for tier in scored { details.merge(tier.details) { $1 } }
        return Score(
            job: job, node: node, method: name, coder: explanation.coder, latent: target,
            explanation: explanation.job, explainedBy: explanation.node, text: explanation.text,
            headline: headline, details: details,
            judged: table.positives + table.negatives, failed: 0, tokensIn: 0, tokensOut: 0, control: control,
            replicates: replicates(of: hits, on: positives, alarms: alarms.windows, latent: target, pool: pool)?
                .adding(scored))
    }

    private static func replicates(
        of hits: [Bool], on positives: [Example], alarms: [Int], latent: Int, pool: NegativePool
    ) -> ScoreReplicates? {
        let found = ScoreReplicates(
            documents: positives.map(\.document), isPositive: positives.map { _ in true }, isYes: hits)
        guard let found = found?.parts.first, let passed = pool.passed(silent: latent, alarms: alarms) else {
            return nil
        }
        return ScoreReplicates(parts: [found, passed])
    }
}
