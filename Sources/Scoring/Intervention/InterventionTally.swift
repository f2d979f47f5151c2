import Elements
import Statistics

/// Sums up what interventions on one latent did.
struct InterventionTally: Sendable {
    /// What ablating the latent did.
    struct Ablation: Sendable {
        /// `[scoring prompts]`: divergences in nats.
        let divergences: [Double]
        /// `[scoring prompts]`, or none if nothing could be explained: drops of the surprisal of the ablation's own explanation.
        let drops: [Double?]
    }

    let plan: InterventionPlan
    let tuned: InterventionTrial.Tuned
    /// The explanation that is scored.
    let explanation: String
    /// Its place among all that were drawn.
    let chosen: Int
    /// `[explanations, scoring prompts]`: drops of each explanation's surprisal in nats; `nil` if one is not known.
    let drops: [[Double?]]
    let ablation: Ablation?
    let tokensIn: Int
    let tokensOut: Int

    /// The score; throws kind `judgeFailed` for fewer than two drops.
    func score() throws(ScoringError) -> Score {
        let drops = chosenDrops
        let known = drops.compactMap(\.self)
        guard let headline = StudentT.mean(of: known) else {
            throw ScoringError(
                .judgeFailed, "\(known.count) of \(drops.count) passages have a log-probability; two are needed")
        }
        var details = plan.heldOut.details
        details["strength"] = Self.exact(Double(tuned.strength), count: tuned.divergences.count)
        details["kl"] = StudentT.mean(of: tuned.divergences)
        details["standard_error"] = StudentT.standardError(of: known).map { Self.exact($0, count: known.count) }
        for (name, estimate) in ofAllExplanations { details[name] = estimate }
        if let ablation {
            details["zero_ablation_kl"] = StudentT.mean(of: ablation.divergences)
            details["zero_ablation"] = StudentT.mean(of: ablation.drops.compactMap(\.self))
        }
        return Score(
            job: plan.job, node: plan.node, method: InterventionScorer.name, coder: plan.coder, latent: plan.latent,
            explanation: plan.explanation, explainedBy: plan.explainedBy, text: explanation, headline: headline,
            details: details, judged: known.count, failed: drops.count - known.count, tokensIn: tokensIn,
            tokensOut: tokensOut, control: plan.control, replicates: replicates)
    }

    /// `[prompts]`: the drops of the explanation that is scored.
    private var chosenDrops: [Double?] { drops.indices.contains(chosen) ? drops[chosen] : [] }

    /// The mean drop on resampled documents; `nil` if a document is not known.
    private var replicates: ScoreReplicates? {
        let drops = chosenDrops
        guard let documents = plan.prompts.documents, documents.count == drops.count else { return nil }
        let known = zip(documents, drops).compactMap { document, drop in drop.map { (document, $0) } }
        return ScoreReplicates(documents: known.map(\.0), values: known.map(\.1))
    }

    /// What all explanations that were drawn score; nothing if there is one.
    ///
    /// The mean's interval is over prompts, its standard error s / √n over explanations. The best is chosen with its own score in sight,
    /// and so higher than what it would have on other prompts.
    private var ofAllExplanations: [String: Estimate] {
        guard drops.count > 1 else { return [:] }
        let means = drops.compactMap { StudentT.mean(of: $0.compactMap(\.self))?.value }
        guard means.count == drops.count, let best = means.max() else { return [:] }
        let byPrompt = (drops.first ?? []).indices.compactMap { prompt -> Double? in
            let values = drops.compactMap { $0[prompt] }
            return values.count == drops.count ? values.reduce(0, +) / Double(values.count) : nil
        }
        var figures: [String: Estimate] = [:]
        figures["explanations_mean"] = StudentT.mean(of: byPrompt)
        figures["explanations_standard_error"] = StudentT.standardError(of: means).map {
            Self.exact($0, count: means.count)
        }
        figures["explanations_best_optimistic"] = Self.exact(best, count: means.count)
        return figures
    }

    /// A number that is no estimate.
    private static func exact(_ value: Double, count: Int) -> Estimate {
        Estimate(value: value, lower: value, upper: value, count: count)
    }
}
