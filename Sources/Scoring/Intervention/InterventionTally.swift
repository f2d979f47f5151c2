import Elements

/// Sums up what interventions on one latent did.
struct InterventionTally: Sendable {
    /// What ablating the latent did.
    struct Ablation: Sendable {
        /// `[scoring prompts]`: divergences in nats.
        let divergences: [Double]
        /// `[scoring prompts]`, or none where nothing could be explained: drops of the surprisal of the ablation's own explanation.
        let drops: [Double?]
    }

    let plan: InterventionPlan
    let tuned: InterventionTrial.Tuned
    let explanation: String
    /// `[scoring prompts]`: drops of the explanation's surprisal in nats; `nil` where one is not known.
    let drops: [Double?]
    let ablation: Ablation?
    let tokensIn: Int
    let tokensOut: Int

    /// The score; throws kind `judgeFailed` for fewer than two drops.
    func score() throws(ScoringError) -> Score {
        let known = drops.compactMap(\.self)
        guard let headline = StudentT.mean(of: known) else {
            throw ScoringError(
                .judgeFailed, "\(known.count) of \(drops.count) passages have a log-probability; two are needed")
        }
        var details = plan.heldOut.details
        details["strength"] = Self.exact(Double(tuned.strength), count: tuned.divergences.count)
        details["kl"] = StudentT.mean(of: tuned.divergences)
        details["standard_error"] = StudentT.standardError(of: known).map { Self.exact($0, count: known.count) }
        if let ablation {
            details["zero_ablation_kl"] = StudentT.mean(of: ablation.divergences)
            details["zero_ablation"] = StudentT.mean(of: ablation.drops.compactMap(\.self))
        }
        return Score(
            job: plan.job, node: plan.node, method: InterventionScorer.method, coder: plan.coder, latent: plan.latent,
            explanation: plan.explanation, explainedBy: plan.explainedBy, text: explanation, headline: headline,
            details: details, judged: known.count, failed: drops.count - known.count, tokensIn: tokensIn,
            tokensOut: tokensOut, control: plan.control, replicates: replicates)
    }

    /// The mean drop on resampled documents; `nil` where a document is not known.
    private var replicates: ScoreReplicates? {
        guard let documents = plan.prompts.documents, documents.count == drops.count else { return nil }
        let known = zip(documents, drops).compactMap { document, drop in drop.map { (document, $0) } }
        return ScoreReplicates(documents: known.map(\.0), values: known.map(\.1))
    }

    /// A number that is no estimate.
    private static func exact(_ value: Double, count: Int) -> Estimate {
        Estimate(value: value, lower: value, upper: value, count: count)
    }
}
