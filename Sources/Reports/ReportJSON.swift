import Elements
import JSONText
import StateNotes
import Store

/// A report as one JSON object.
public enum ReportJSON {
    private struct Totals: Encodable {
        let v = 1
        let epoch: UInt64
        let exact: Bool
        let mixed: Bool
        let evidence_digest: String?
        let evidence: [Evidence]
        let offsets: [Offset]
        /// Only if there are too many results to read.
        let drawn: [String: Drawn]?
        let explanations: [String: Int]
        let human: [String: Int]?
        let jobs: [Jobs]
        let failures: [Failure]
        let dead_letters: [String: Int]
        let scores: [Method]
        let methods: [String: MethodFigures]
        let skipped: [String: Int]
        let skipped_by_node: [String: [String: Int]]
        let correlations: [String: CorrelationFigures]
        let comparisons: [ComparisonFigures]
        let by_layer: [String: LayerFigures]
        let spent: [String: Spent]
        let budget_spent: Bool
        let explained_again: [AgainFigures]
        /// Only if a node tells meanings apart.
        let meanings: [MeaningFigures]?
        /// Only if there are any.
        let damaged: [Damage]?
        let unverified_segments: Int?
        /// Only if it is made of several.
        let shares: [Share]?
    }

    private struct Drawn: Encodable {
        let results: Int
        let read: Int
    }

    private struct Share: Encodable {
        let name: String
        let epoch: UInt64
        let inexact: Bool
        let mixed: Bool
        let evidence: [ShareEvidence]
    }

    private struct ShareEvidence: Encodable {
        let node: String
        let evidence_digest: String?
        let counts_digest: String?
        let tokens: UInt64
        let latents_fired: Int
    }

    private struct Damage: Encodable {
        let node: String
        let epoch: UInt64
        let reason: String
    }

    private struct Evidence: Encodable {
        let node: String
        let evidence_digest: String?
        let counts_digest: String?
        /// Only if it is: shares have not all been told the same yet.
        let uneven: Bool?
        let tokens: UInt64
        let contexts: UInt64
        let windows: UInt64
        let short_windows: UInt64
        let latents: Int
        let latents_fired: Int
        let activity: LatentActivity?
        let breakdown: ActivityBreakdown?
        let sample: Int?
        let sample_asked: Int?
    }

    private struct Spent: Encodable {
        let calls: Int
        let tokens_in: Int
        let tokens_cached: Int
        let tokens_out: Int
        let cost: Double?
        let tokens_batched: Int?
        let saved_by_cache: Double?
        let saved_by_batches: Double?
    }

    private struct Offset: Encodable {
        let source: String
        let topic: String
        let partition: Int32
        let next: Int64
    }

    private struct Jobs: Encodable {
        let node: String
        let state: String
        let count: Int
    }

    private struct Failure: Encodable {
        let node: String
        let reason: String
        let count: Int
        let latents: [String]
    }

    private struct Method: Encodable {
        let node: String
        let method: String
        let explained_by: String
        let latents: Int
        let unavailable: Int
        let failed_verdicts: Int
        let mean: Double?
        let lower_quartile: Double?
        let median: Double?
        let upper_quartile: Double?
        let median_auroc: Double?
        let values: [Value]
    }

    private struct Value: Encodable {
        let latent: Int
        let value: Double
        let ci: [Double]
        let n: Int
        let failed: Int
        let explanation: String
        /// The value of the latent's own control; left out without one.
        let control: Double?
        /// Why not to trust it; left out if nothing speaks against it.
        let doubts: [String]?
    }

    /// The object's text, keys in order.
    public static func text(_ report: RunReport) throws -> String {
        let totals = Totals(
            epoch: report.epoch, exact: report.isExact, mixed: report.isMixed,
            evidence_digest: report.evidenceDigest,
            evidence: report.evidence.map {
                Evidence(
                    node: $0.node, evidence_digest: $0.digest, counts_digest: $0.countsDigest,
                    uneven: report.uneven.contains($0.node) ? true : nil,
                    tokens: $0.totals.tokens, contexts: $0.totals.contexts, windows: $0.totals.windows,
                    short_windows: $0.totals.shortWindows, latents: $0.latents, latents_fired: $0.fired,
                    activity: $0.activity, breakdown: $0.breakdown,
                    sample: $0.sample?.inForce, sample_asked: $0.sample?.asked)
            },
            offsets: report.fences.map {
                Offset(source: $0.source, topic: $0.topic, partition: $0.partition, next: $0.next)
            },
            drawn: report.drawn.isEmpty
                ? nil
                : Dictionary(
                    uniqueKeysWithValues: report.drawn.map { ($0.node, Drawn(results: $0.results, read: $0.read)) }),
            explanations: Dictionary(grouping: report.explanations, by: \.node).mapValues(\.count),
            human: report.human.isEmpty ? nil : report.human,
            jobs: report.jobs.map { Jobs(node: $0.node, state: $0.state, count: $0.count) },
            failures: report.failures.map {
                Failure(node: $0.node, reason: $0.reason, count: $0.count, latents: $0.latents)
            },
            dead_letters: report.deadLetters, scores: report.summaries.map(method),
            methods: MethodFigures.byName(report.summaries), skipped: skipped(in: report).total,
            skipped_by_node: skipped(in: report).byNode,
            correlations: CorrelationFigures.byName(report.comparisons),
            comparisons: report.nodeComparisons.map { ComparisonFigures($0) },
            by_layer: LayerFigures.byMethod(report.layerTrends),
            spent: report.spent.mapValues {
                Spent(
                    calls: $0.calls, tokens_in: $0.tokensIn, tokens_cached: $0.tokensCached,
                    tokens_out: $0.tokensOut, cost: $0.cost, tokens_batched: $0.tokensBatched,
                    saved_by_cache: $0.savedByCache, saved_by_batches: $0.savedByBatches)
            }, budget_spent: report.isBudgetSpent,
            explained_again: report.again.map(AgainFigures.init),
            meanings: report.meanings.isEmpty ? nil : report.meanings.map(MeaningFigures.init),
            damaged: report.segments.damaged.isEmpty
                ? nil : report.segments.damaged.map { Damage(node: $0.node, epoch: $0.epoch, reason: $0.reason) },
            unverified_segments: report.segments.unchecked > 0 ? report.segments.unchecked : nil,
            shares: report.shares.isEmpty ? nil : report.shares.map(share))
        return try SortedJSON.text(of: totals)
    }

    private static func share(_ share: ReportedShare) -> Share {
        Share(
            name: share.name, epoch: share.epoch, inexact: share.isGapAccepted, mixed: share.isMixed,
            evidence: share.evidence.map {
                ShareEvidence(
                    node: $0.node, evidence_digest: $0.digest, counts_digest: $0.countsDigest,
                    tokens: $0.totals.tokens, latents_fired: $0.fired)
            })
    }

    /// Counts by reason: of the score node that takes the most latents of a coder that is not random, and of each.
    private static func skipped(in report: RunReport) -> (total: [String: Int], byNode: [String: [String: Int]]) {
        var byNode: [String: [String: Int]] = [:]
        for skipped in report.skipped {
            byNode[skipped.node] = [
                "dead": skipped.dead, "too_few": skipped.tooFew, "too_few_held_out": skipped.tooFewHeldOut,
                "too_dense": skipped.tooDense,
                "failed": report.jobs.first { $0.node == skipped.node && $0.state == "failed" }?.count ?? 0,
            ]
        }
        let own = report.skipped.filter { skipped in
            if let coder = skipped.coder { return !report.randomCoders.contains(coder) }
            return !report.summaries.contains { $0.node == skipped.node && $0.isOfRandomCoder }
        }
        let widest = own.max { ($0.taken, $1.node) < ($1.taken, $0.node) }
        return (widest.flatMap { byNode[$0.node] } ?? [:], byNode)
    }

    private static func method(_ summary: ScoreSummary) -> Method {
        Method(
            node: summary.node, method: summary.method, explained_by: summary.explainedBy,
            latents: summary.scores.count, unavailable: summary.unavailable, failed_verdicts: summary.failedVerdicts,
            mean: summary.mean, lower_quartile: summary.quartiles?.lower, median: summary.quartiles?.median,
            upper_quartile: summary.quartiles?.upper, median_auroc: summary.medianAUROC,
            values: summary.scores.compactMap { score in
                score.headline.map {
                    let doubts = summary.doubts(about: score)
                    return Value(
                        latent: score.latent, value: $0.value, ci: [$0.lower, $0.upper], n: score.judged,
                        failed: score.failed, explanation: score.text,
                        control: summary.ownControls[score.latent]?.headline?.value,
                        doubts: doubts.isEmpty ? nil : doubts)
                }
            })
    }
}
