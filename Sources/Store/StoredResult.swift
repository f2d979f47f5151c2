import Elements
import Foundation
import GRDB
import Hashing
import JSONText

/// A result that has a table of its own.
protocol StoredResult: StoredRow {
    var kind: JobKind { get }
    /// The type and subject of the event that reports it.
    var event: (type: EventType, subject: EventSubject) { get }
    var job: JobID { get }
    var node: String { get }
    var coder: CoderIdentity { get }
    var latent: Int { get }

    /// Adds the result's row; `false` if its job has one already.
    func insert(at time: Int64, into database: Database) throws -> Bool
    /// The result in the shared encoding.
    func envelope(at time: Int64) -> String
}

extension StoredResult {
    static var order: String { "coder, latent, node, job" }
    var key: LatentKey { LatentKey(coder: coder.name, latent: latent) }

    static func precedes(_ left: Self, _ right: Self) -> Bool {
        (left.coder.name, left.latent) < (right.coder.name, right.latent)
    }
}

extension Row {
    func text(_ column: String) -> String { self[column] as String? ?? "" }
    func integer(_ column: String) -> Int { Int(self[column] as Int64? ?? 0) }
    func bits(_ column: String) -> UInt64 { UInt64(bitPattern: self[column] as Int64? ?? 0) }
}

extension Explanation: StoredResult {
    static var table: String { "explanation" }
    var kind: JobKind { .explain }
    var event: (type: EventType, subject: EventSubject) {
        (.explanation, EventSubject(coder: coder.name, latent: latent, node: node, job: job, explanation: job))
    }

    init?(_ row: ResultRow, details: ResultParts.Details?) {
        let shown = Hash128.list(row.text(.shown))
        guard let job = row.hash(.job), let coder = row.coder,
            let digest = row.hash(.evidenceDigest), let shown
        else { return nil }
        var provenance = Provenance(
            explainer: row.text(.explainer), sampling: row.text(.sampling),
            promptVersion: row.text(.promptVersion), model: row[.model] as String?, seed: row.bits(.seed),
            evidenceDigest: digest, epoch: row.bits(.epoch), shown: shown)
        provenance.basis = EvidenceBasis(row)
        provenance.again = ExplainedAgain(row)
        self.init(
            job: job, node: row.text(.node), coder: coder, latent: row.integer(.latent), text: row.text(.text),
            predicate: row[.predicate] as String?, provenance: provenance)
        parts = ExplanationParts(row)
    }

    func insert(at time: Int64, into database: Database) throws -> Bool {
        let row: RowValues = [
            "job": job.description, "node": node, "coder": coder.name, "hookpoint": coder.hookpoint,
            "latents": coder.latents, "coder_digest": coder.digest.description, "latent": latent,
            "text": text.storable, "predicate": predicate?.storable, "explainer": provenance.explainer,
            "sampling": provenance.sampling, "prompt_version": provenance.promptVersion, "model": provenance.model,
            "seed": Int64(bitPattern: provenance.seed), "evidence_digest": provenance.evidenceDigest.description,
            "epoch": Int64(bitPattern: provenance.epoch),
            "shown": provenance.shown.map(\.description).joined(separator: " "), "made": time,
            "basis": try provenance.basis?.stored(), "standing": provenance.again?.standing.description,
            "reason": provenance.again?.reason.rawValue, "parts": try parts?.stored(),
        ]
        return try row.insert(into: Self.table, unlessKnownBy: "job", database)
    }

    func envelope(at time: Int64) -> String { ResultEnvelope.json(self, at: time) }
}

extension Score: StoredResult {
    static var table: String { "score" }
    var kind: JobKind { .score }
    var event: (type: EventType, subject: EventSubject) {
        let subject = EventSubject(
            coder: coder.name, latent: latent, node: node, explainedBy: explainedBy,
            control: control ?? (round?.contest == nil ? nil : EventSubject.comparison), job: job,
            explanation: explanation)
        return (.score, subject)
    }

    init?(_ row: ResultRow, details chosen: ResultParts.Details?) {
        let isCompared = row[.contest] as String? != nil
        let names = chosen.map { isCompared ? $0.ofCompared : $0.ofAny }
        guard let job = row.hash(.job), let explanation = row.hash(.explanation), let coder = row.coder,
            let details = StoredDetails.read(row.text(.details), names: names)
        else { return nil }
        var headline: Estimate?
        if let value = row[.value] as Double?, let lower = row[.lower] as Double?, let upper = row[.upper] as Double? {
            headline = Estimate(value: value, lower: lower, upper: upper, count: row.integer(.count))
        }
        self.init(
            job: job, node: row.text(.node), method: row.text(.method), coder: coder, latent: row.integer(.latent),
            explanation: explanation, explainedBy: row.text(.explainedBy), text: row.text(.text),
            headline: headline, details: details, judged: row.integer(.judged), failed: row.integer(.failed),
            tokensIn: row.integer(.tokensIn), tokensOut: row.integer(.tokensOut),
            tokensCached: (row[.tokensCached] as Int64?).map(Int.init),
            sequential: (row[.sequential] as String?).flatMap {
                try? StoredSequential.decoder.decode(SequentialAccount.self, from: Data($0.utf8))
            }, control: row[.control] as String?,
            replicates: (row[.replicates] as Data?).flatMap { ScoreReplicates(bytes: Array($0)) })
        logits = (row[.logits] as Data?).flatMap { YesLogits(bytes: Array($0)) }
        round = ScoringRound(row)
    }

    func insert(at time: Int64, into database: Database) throws -> Bool {
        let row: RowValues = [
            "job": job.description, "node": node, "method": method, "coder": coder.name,
            "hookpoint": coder.hookpoint, "latents": coder.latents, "coder_digest": coder.digest.description,
            "latent": latent, "explanation": explanation.description, "explained_by": explainedBy,
            "text": text.storable, "value": headline?.value, "lower": headline?.lower, "upper": headline?.upper,
            "count": headline?.count, "details": StoredDetails.text(details), "judged": judged, "failed": failed,
            "tokens_in": tokensIn, "tokens_out": tokensOut, "made": time, "control": control,
            "replicates": replicates.map { Data($0.bytes) }, "logits": logits.map { Data($0.bytes) },
            "tokens_cached": tokensCached,
            "sequential": sequential.map { JSONValue.object($0.members).text },
            "epoch": (round?.epoch).map { Int64(bitPattern: $0) },
            "windows_fired": (round?.windowsFired).map { Int64(bitPattern: $0) },
            "recent": round.flatMap { $0.recent.isEmpty ? nil : Data($0.recent.littleEndianBytes) },
            "contest": round?.storedContest,
        ]
        return try row.insert(into: Self.table, unlessKnownBy: "job", database)
    }

    func envelope(at time: Int64) -> String { ResultEnvelope.json(self, at: time) }
}

private enum StoredSequential {
    static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
