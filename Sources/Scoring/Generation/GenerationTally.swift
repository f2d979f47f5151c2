import Elements
import Hashing
import Statistics

/// Sums up how a latent responds to what was written for an explanation and for none.
struct GenerationTally: Sendable {
    /// The least share of the texts wanted of a kind that makes a score.
    private static let least = 2.0 / 3

    let plan: GenerationPlan
    /// The texts of both kinds, those for the explanation first.
    let texts: [WrittenText]
    /// How many texts for the explanation did not count, by fault.
    let faults: [TextSieve.Fault: Int]
    let cost: CallCost

    /// The score.
    ///
    /// Throws kind `judgeFailed` if more than a third of the texts of a kind are missing: what is left is no fair sample of them.
    func score() throws(ScoringError) -> Score {
        let meant = texts.count(where: \.isMeant)
        for (kind, count) in [("for the explanation", meant), ("for none", texts.count - meant)] {
            guard Double(count) < Self.least * Double(plan.settings.texts) else { continue }
            throw ScoringError(
                .judgeFailed,
                "\(plan.subject.judge) wrote \(count) of \(plan.settings.texts) texts \(kind) that can be used\(reasons)"
            )
        }
        let isMeant = texts.map(\.isMeant)
        let peaks = texts.map { Double($0.peak) }
        let headline = AreaBootstrap(scores: peaks, isPositive: isMeant)
            .estimate(resamples: plan.settings.resamples, seed: plan.subject.seed ^ plan.job.low)
        var score = plan.score(
            method: GenerationScorer.name, headline: headline, details: details(auroc: headline), judged: texts.count,
            failed: max(2 * plan.settings.texts - texts.count, 0), cost: cost)
        // Texts for none are shared by all latents, as windows share documents.
        score.replicates = ScoreReplicates(
            documents: texts.map { Self.mark(of: $0) }, scores: peaks, isPositive: isMeant)
        return score
    }

    private var reasons: String {
        let named = [(TextSieve.Fault.echo, "repeat it"), (.repetition, "repeat another text or a worked case")]
            .compactMap { fault, words in faults[fault].map { "\($0) \(words)" } }
        return named.isEmpty ? "" : "; \(named.joined(separator: ", "))"
    }

    private func details(auroc: Estimate?) -> [String: Estimate] {
        var firing = ConfusionTable()
        var strong = ConfusionTable()
        for text in texts {
            firing.count(isPositive: text.isMeant, verdict: text.peak > 0)
            strong.count(isPositive: text.isMeant, verdict: text.peak > plan.strong)
        }
        let meant = texts.filter(\.isMeant)
        let written = meant.count + faults.values.reduce(0, +)
        let details: [String: Estimate?] = [
            "firing_rate": plan.subject.heldOut.details["firing_rate"],
            "auroc": auroc,
            "true_positive_rate": firing.truePositiveRate,
            "true_negative_rate": firing.trueNegativeRate,
            "balanced_accuracy": BalancedAccuracy.estimate(of: firing),
            "strong_rate": strong.truePositiveRate,
            "strong_rate_of_others": Wilson.interval(successes: strong.falsePositives, of: strong.negatives),
            "relative_peak": plan.strong > 0 ? StudentT.mean(of: meant.map { Double($0.peak / plan.strong) }) : nil,
            "share_echoing": Wilson.interval(successes: faults[.echo] ?? 0, of: written),
            "share_repeated": Wilson.interval(successes: faults[.repetition] ?? 0, of: written),
        ]
        return details.compactMapValues(\.self)
    }

    private static func mark(of text: WrittenText) -> UInt32 {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x7465_7874), wide: false)
        hasher.update(text.bytes)
        return UInt32(truncatingIfNeeded: hasher.finalize64())
    }
}
