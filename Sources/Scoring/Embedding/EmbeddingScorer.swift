package import Elements
package import Hashing
import Statistics

/// Asks no judge: how well the likeness of a window's meaning to the explanation's tells windows in which the latent fires
/// from windows in which it is silent.
///
/// Source: Paulo et al., arXiv 2410.13928, section 3 (embedding scoring).
public enum EmbeddingScorer: ScoringMethod {
    package static let name = "embedding"
    package static let scale = MethodScale.area
    package static let needs = ModelNeeds.embeddings
    package static let paperTokens: PaperTokens? = PaperTokens(tokensIn: 4_000, cacheable: nil, tokensOut: nil)
    package static let settles = true
    package static let scoresParts = true
    /// The version of the method; part of every job's name.
    public static let version = "embedding-1"

    /// The area under the ROC curve of the cosines between the explanation and the windows; 0.5 is chance.
    ///
    /// - Parameters:
    ///   - embeddings: Those of the task's texts, in order.
    ///   - embedder: The digest of what made them.
    ///   - tokensIn: The tokens that were read for this task.
    package static func score(
        _ task: EmbeddingTask, embeddings: [TextEmbedding], embedder: Hash128, tokensIn: Int
    ) throws(ScoringError) -> Score {
        guard let query = embeddings.first, embeddings.count == task.texts.count else {
            throw ScoringError(
                .unsupported, "\(embeddings.count) vectors were given for \(task.texts.count) texts; give one for each")
        }
        let parts = task.parts?.parts.count ?? 0
        let windows = embeddings.dropFirst().dropLast(parts)
        let cosines = windows.map { query.cosine($0) }
        let job = task.job(embedder: embedder)
        func area(_ scores: [Double], _ isPositive: [Bool]) -> Estimate? {
            AreaBootstrap(scores: scores, isPositive: isPositive)
                .estimate(resamples: task.resamples, seed: task.subject.seed ^ job.low)
        }
        let headline = area(Array(cosines.prefix(task.questions.count)), task.questions.map(\.isPositive))
        var details = task.account.details
        details["auroc"] = headline
        if !task.fresh.isEmpty || task.isRecent.contains(true) {
            details[CurrentEstimate.name] = CurrentEstimate.area(
                scores: Array(cosines.prefix(task.questions.count) + cosines.suffix(task.fresh.count)),
                isPositive: task.questions.map(\.isPositive) + task.fresh.map { _ in true },
                isRecent: task.isRecent + task.fresh.map { _ in true }, resamples: task.resamples,
                seed: task.subject.seed ^ job.low)
        }
        let tiers = tiers(of: task, cosines: cosines, headline: headline, area: area)
        for tier in tiers { details.merge(tier.details) { $1 } }
        if let assignment = task.parts {
            let asked = Array(windows.prefix(task.questions.count))
            let said = Array(embeddings.suffix(parts))
            details.merge(
                assignment.details { part, own in
                    // A part's positives against all negatives, by their likeness to what was said of the part alone.
                    let own = Set(own)
                    let places = task.positives.indices.filter { place in
                        task.positives[place].map { own.contains($0) } ?? !task.questions[place].isPositive
                    }
                    return area(
                        places.map { said[part].cosine(asked[$0]) }, places.map { task.questions[$0].isPositive })
                }
            ) { $1 }
        }
        var score = task.subject.score(
            job: job, method: name, headline: headline, details: details, judged: task.questions.count)
        score.tokensIn = tokensIn
        score.replicates = ScoreReplicates(
            documents: task.questions.map(\.document), scores: Array(cosines.prefix(task.questions.count)),
            isPositive: task.questions.map(\.isPositive)
        )?.adding(tiers)
        return score
    }

    /// The area against the negatives of each tier apart; empty if only random ones were asked for.
    private static func tiers(
        of task: EmbeddingTask, cosines: [Double], headline: Estimate?, area: ([Double], [Bool]) -> Estimate?
    ) -> [TierScore] {
        guard !task.tiers.isEmpty else { return [] }
        let known = zip(cosines, task.questions).filter(\.1.isPositive)
        let (positives, documents) = (known.map(\.0), known.map(\.1.document))
        let random = task.questions.count - positives.count
        var start = task.questions.count
        return [
            TierScore(
                tier: .random, figure: random >= min(NegativeTier.fewest, task.examples) ? headline : nil,
                windows: random)
        ]
            + task.tiers.map { tier in
                let negatives = Array(cosines.dropFirst(start).prefix(tier.questions.count))
                start += negatives.count
                let truth = positives.map { _ in true } + negatives.map { _ in false }
                return TierScore(
                    tier: tier.tier, figure: tier.isAvailable ? area(positives + negatives, truth) : nil,
                    windows: tier.windows,
                    replicates: tier.isAvailable
                        ? ScoreReplicates(
                            documents: documents + tier.questions.map(\.document), scores: positives + negatives,
                            isPositive: truth) : nil)
            }
    }
}
