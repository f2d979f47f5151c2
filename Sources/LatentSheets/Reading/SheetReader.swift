package import Elements
import Evidence
import Hashing
import Interchange
import Lineage
package import Store

/// Reads all that is known of latents, of a state that a daemon works on or that nobody does.
package struct SheetReader: Sendable {
    /// The coders, in the order of the topology.
    package let coders: [any CoderKnowledge]
    let store: any StoreReading
    let evidence: @Sendable (_ coder: String) -> EvidenceUpdate?
    /// Finds what is due to be explained again, for sheets and indexes alike.
    package let staleness = StalenessFinder()
    private let indexes = ViewIndexes()
    /// Latents near to one that are named, by each measure.
    private static let nearest = 10

    /// Makes a reader; `evidence` gives what a coder's reservoir holds, `nil` if that is not known.
    package init(
        store: any StoreReading, coders: [any CoderKnowledge],
        evidence: @escaping @Sendable (_ coder: String) -> EvidenceUpdate?
    ) {
        self.store = store
        self.coders = coders
        self.evidence = evidence
    }

    /// The coder of a name, or the only trained one of a hookpoint, by which lines of results name latents.
    package func coder(_ name: String) -> (any CoderKnowledge)? {
        if let named = coders.first(where: { $0.identity.name == name }) { return named }
        let placed = coders.filter { $0.identity.hookpoint == name && !$0.isRandom }
        return placed.count == 1 ? placed.first : nil
    }

    /// Whether the sheet of a latent needs the samples of all latents of its coder: those that fire with it are on it.
    package static func compares(_ coder: CoderIdentity) -> Bool { ViewIndexes.compares(coder) }

    /// All that is known of a latent, with at most `counts` examples; reads weights and the database, so it blocks.
    ///
    /// - Returns: `nil` if there is no such coder or latent.
    /// - Throws: `StoreError`, or what reading weights throws.
    package func sheet(of key: LatentKey, counts: ExampleCounts = ExampleCounts()) throws -> LatentSheet? {
        guard let coder = coder(key.coder), key.latent >= 0, key.latent < coder.identity.latents else { return nil }
        let key = LatentKey(coder: coder.identity.name, latent: key.latent)
        let update = evidence(key.coder)
        let results = try LatentResults(of: key, in: store) { explanation, pasts in
            update.flatMap { staleness.staleness(of: explanation, pasts, coder.reexplained, in: $0.view) }
        }
        let kept = update?.view.evidence(of: key.latent)
        let index = update.map { indexes.index(of: $0) }
        let near = try coder.neighbours(of: key.latent, count: Self.nearest)
        let cofiring = index?.cofiring?.neighbours(of: key.latent, count: Self.nearest) ?? []
        let promotion = try coder.tokenDecoder.flatMap { decoder in
            try coder.promotion(of: key.latent).flatMap { SheetPromotion(changes: $0, tokenDecoder: decoder) }
        }
        let activity = kept.flatMap { kept in update.map { SheetActivity(kept, in: $0) } }
        return LatentSheet(
            coder: SheetCoder(coder.identity, isRandom: coder.isRandom), latent: key.latent,
            state: results.state(activity), labels: results.labels, failures: results.failures,
            activity: activity, promotion: promotion,
            neighbours: try labelled(near, .decoder, of: key.coder) + labelled(cofiring, .cofiring, of: key.coder),
            examples: try kept.map { kept in
                try examples(
                    kept, results, index, near: (near + cofiring).map(\.latent), coder.tokenDecoder, counts)
            } ?? [],
            history: results.history.entries.map { SheetChange($0) }, provenance: coder.facts)
    }

    /// All that is known of the score that a job made, with every window that was asked about; blocks.
    ///
    /// - Returns: `nil` if there is no such score, or none of a coder that is known.
    /// - Throws: `StoreError`.
    package func score(of job: JobID) throws -> ScoreSheet? {
        guard let dated = try store.datedScore(of: job), let coder = coder(dated.score.coder.name) else { return nil }
        let score = dated.score
        let kept = try verdicts(of: score)
        let key = LatentKey(coder: coder.identity.name, latent: score.latent)
        let standing = try LatentResults(of: key, in: store, readsJobs: false).scores
        let held = evidence(key.coder)?.view.evidence(of: key.latent)
        let look = ExampleLook(maximum: held?.statistics.maximum ?? 0, tokenDecoder: coder.tokenDecoder)
        return ScoreSheet(
            dated, among: standing, coder: SheetCoder(coder.identity, isRandom: coder.isRandom), verdicts: kept,
            examples: kept.map { .judged($0, by: score, test: held?.test ?? [], look, most: $0.examples.count) })
    }

    private func verdicts(of score: Score) throws(StoreError) -> KeptVerdicts? {
        try store.verdicts(of: score.job).flatMap { KeptVerdicts(bytes: $0) }
    }

    private func examples(
        _ evidence: LatentEvidence, _ results: LatentResults, _ index: ViewIndexes.Index?, near: [Int],
        _ tokenDecoder: (any TokenDecoder)?, _ counts: ExampleCounts
    ) throws -> [ExampleGroup] {
        let groups = ExampleGroups(
            evidence: evidence, look: ExampleLook(maximum: evidence.statistics.maximum, tokenDecoder: tokenDecoder),
            counts: counts)
        var all = [groups.top, groups.byTenth, groups.random]
        if let index { all.append(groups.negatives(in: index.tiers, near: near)) }
        all += results.explanations.filter { !$0.provenance.shown.isEmpty }.map { groups.shown(to: $0) }
        for score in results.scores where score.control == nil {
            if let verdicts = try verdicts(of: score) { all.append(groups.judged(verdicts, by: score)) }
        }
        return all.filter { !$0.examples.isEmpty }
    }

    /// Latents near to one, each with what is said of it.
    private func labelled(
        _ near: [LatentNeighbour], _ measure: SheetNeighbour.Measure, of coder: String
    ) throws -> [SheetNeighbour] {
        try near.map { neighbour in
            let results = try LatentResults(
                of: LatentKey(coder: coder, latent: neighbour.latent), in: store, readsJobs: false)
            let label = results.labels.first { !$0.text.isEmpty }
            return SheetNeighbour(
                measure: measure, latent: neighbour.latent, similarity: neighbour.similarity, label: label?.text,
                score: label?.scores.first)
        }
    }
}

extension SheetCoder {
    init(_ identity: CoderIdentity, isRandom: Bool) {
        self.init(
            name: identity.name, hookpoint: identity.hookpoint, latents: identity.latents,
            digest: identity.digest.description, isRandom: isRandom)
    }
}
