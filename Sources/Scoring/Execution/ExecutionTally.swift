import Elements
import Hashing
import Statistics

/// Sums up in which windows a predicate holds.
struct ExecutionTally {
    /// Further negatives, and in which of them the predicate holds.
    struct Tier {
        let tier: NegativeTier
        let draw: TierDraw
        /// `[windows of the draw]`.
        let wrong: [Bool]
    }

    let subject: ScoreSubject
    let heldOut: HeldOutSet
    let pool: NegativePool
    /// The numbers of windows of the pool that are no negatives, ascending.
    let passedOver: [Int]
    /// The number of pool windows in which the latent is silent, without those passed over.
    let silent: Int
    /// The numbers of those in which the predicate holds.
    let alarms: [Int]
    /// `[positives]`: whether the predicate holds.
    let hits: [Bool]
    /// `[recent windows]`: whether the predicate holds.
    let recentHits: [Bool]
    /// The tiers that were drawn, in the order of `NegativeTier`.
    let tiers: [Tier]
    /// The figures of the explanation's parts, by name.
    let parts: [String: Estimate]

    var score: Score {
        let (job, table, scored) = (job, table, scoredTiers)
        var details = details
        details.merge(
            HarmonicMeans.estimates(
                of: table, resamples: ExecutionScorer.resamples, seed: subject.seed ^ job.low)
        ) { $1 }
        details.merge(parts) { $1 }
        for tier in scored { details.merge(tier.details) { $1 } }
        var score = subject.score(
            job: job, method: ExecutionScorer.name, headline: BalancedAccuracy.estimate(of: table), details: details,
            judged: table.positives + table.negatives)
        score.replicates = replicates?.adding(scored)
        return score
    }

    private var table: ConfusionTable { table(negatives: silent, alarms: alarms.count) }

    private func table(negatives: Int, alarms: Int) -> ConfusionTable {
        let found = hits.count { $0 }
        return ConfusionTable(
            truePositives: found, falseNegatives: hits.count - found, trueNegatives: negatives - alarms,
            falsePositives: alarms)
    }

    private var job: JobID {
        var settings = [
            "explanation": "\(subject.explanation.job)", "predicate": subject.explanation.predicate ?? "",
            "control": subject.control ?? "", "negatives": "\(pool.digest)",
            "resamples": "\(ExecutionScorer.resamples)",
        ]
        if !passedOver.isEmpty { settings["passedOver"] = passedOver.map { "\($0)" }.joined(separator: " ") }
        if !tiers.isEmpty {
            settings["tiers"] = tiers.map { "\($0.tier.rawValue):\($0.draw.count)" }.joined(separator: ",")
        }
        return JobRecipe(
            work: "score/\(ExecutionScorer.name)", node: subject.node, coder: subject.explanation.coder,
            latent: subject.latent,
            windows: heldOut.positives.map { ShownWindow(tokens: $0.window.tokens) }
                + heldOut.recent.map { ShownWindow(tokens: $0.window.tokens, levels: [1]) }
                + tiers.flatMap { $0.draw.windows.map { ShownWindow(tokens: $0.window.tokens, levels: [4]) } },
            promptVersion: ExecutionScorer.version, model: nil, settings: settings, seed: subject.seed
        ).id
    }

    /// The figures besides the headline, but for F1 and those of tiers.
    private var details: [String: Estimate] {
        let table = table
        var details = heldOut.account(silent: silent).details
        details["true_positive_rate"] = table.truePositiveRate
        details["true_negative_rate"] = table.trueNegativeRate
        details["precision"] = table.precision
        guard !heldOut.recent.isEmpty else { return details }
        let identities = Set(heldOut.recent.map(\.window.identity))
        let older = zip(heldOut.positives, hits).filter { !identities.contains($0.0.window.identity) }
        details[CurrentEstimate.name] = CurrentEstimate.balancedAccuracy(
            hits: older.map { ($0.1, false) } + recentHits.map { ($0, true) }, negatives: table.trueNegativeRate)
        return details
    }

    /// The balanced accuracy against each tier apart; empty if only random negatives were asked for.
    private var scoredTiers: [TierScore] {
        guard !tiers.isEmpty else { return [] }
        let isAvailable = silent >= NegativeTier.fewest
        let random = TierScore(
            tier: .random, figure: isAvailable ? BalancedAccuracy.estimate(of: table) : nil, windows: silent)
        let documents = heldOut.positives.map(\.document)
        return [random]
            + tiers.map { tier in
                let table = table(negatives: tier.wrong.count, alarms: tier.wrong.count { $0 })
                return TierScore(
                    tier: tier.tier, figure: BalancedAccuracy.estimate(of: table), windows: tier.draw.count,
                    replicates: ScoreReplicates(
                        documents: documents + tier.draw.windows.map(\.document),
                        isPositive: hits.map { _ in true } + tier.wrong.map { _ in false }, isYes: hits + tier.wrong))
            }
    }

    /// The headline on resampled documents; `nil` if a document is not known.
    private var replicates: ScoreReplicates? {
        let found = ScoreReplicates(
            documents: heldOut.positives.map(\.document), isPositive: hits.map { _ in true }, isYes: hits)
        guard let found = found?.parts.first,
            let passed = pool.passed(silent: subject.latent, besides: passedOver, alarms: alarms)
        else {
            return nil
        }
        return ScoreReplicates(parts: [found, passed])
    }
}
