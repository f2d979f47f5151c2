import Corpus
import Dataflow
import Elements
import Foundation
import Hashing
import Store

@testable import Daemon

/// A directory that is gone when the test is over.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "gloss-daemon-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var state: String { path + "/state" }

    func store() throws -> Store {
        try Store(directory: state, topology: Fixture.topology, now: { Fixture.time })
    }
}

/// What a test throws to see where it comes out.
struct Mishap: Error, Hashable {}

enum Fixture {
    /// 2026-11-23T12:04:31.120Z.
    static let time: Int64 = 1_795_435_471_120
    static let topology = TopologyIdentity(name: "tiny", digest: hash(1), nodes: ["evidence": hash(2)])
    static let coder = CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 24_576, digest: hash(3))

    static func hash(_ value: UInt64) -> Hash128 { Hash128(high: value &* 0x9e37_79b9_7f4a_7c15, low: value) }

    static func record(
        _ offset: Int64, _ text: String, source: String = "corpus", partition: Int32 = 0
    ) -> RawRecord {
        RawRecord(
            position: RecordPosition(source: source, topic: "texts", partition: partition, offset: offset),
            timestamp: time, key: nil, value: Array(text.utf8))
    }

    static func fence(
        _ source: String = "corpus", partition: Int32 = 0, next: Int64, last: Fence.LastRecord? = nil
    ) -> Fence {
        Fence(source: source, topic: "texts", partition: partition, next: next, last: last)
    }

    static func letter(_ offset: Int64, source: String = "corpus") -> DeadLetter {
        DeadLetter(
            position: RecordPosition(source: source, topic: "texts", partition: 0, offset: offset), node: source,
            code: "not-utf8", reason: "byte 0 is not UTF-8", value: [0xff])
    }

    static func job(_ number: UInt64) -> PlannedJob {
        PlannedJob(
            id: hash(number), node: "prose", kind: .explain, coder: "codes", latent: Int(number), payload: [])
    }

    static func score(
        _ latent: Int, _ value: Double?, node: String = "detected", method: String = "detection",
        explainedBy: String = "prose", text: String = "dates", auroc: Double? = nil, failed: Int = 0,
        firingRate: Double? = nil, control: String? = nil,
        coder: CoderIdentity = coder
    ) -> Score {
        func estimate(_ value: Double) -> Estimate {
            Estimate(value: value, lower: value - 0.1, upper: value + 0.1, count: 40)
        }
        let figures = ["auroc": auroc, "firing_rate": firingRate].compactMapValues { $0.map(estimate) }
        let number = (node + explainedBy + (control ?? "")).utf8.reduce(UInt64(latent)) { $0 &* 31 &+ UInt64($1) }
        return Score(
            job: hash(number), node: node, method: method, coder: coder, latent: latent,
            explanation: hash(UInt64(latent)), explainedBy: explainedBy, text: text,
            headline: value.map(estimate), details: figures, judged: 40, failed: failed, tokensIn: 0, tokensOut: 0,
            control: control)
    }

    static func explanation(
        _ number: UInt64, latent: Int = 3, text: String? = nil, windows: UInt64 = 100, epoch: UInt64 = 1,
        again: ExplainedAgain? = nil, node: String = "lexical"
    ) -> Explanation {
        var provenance = Provenance(
            explainer: "lexical", sampling: "uniform", promptVersion: "1", model: nil, seed: 7,
            evidenceDigest: hash(2), epoch: epoch, shown: [])
        provenance.basis = EvidenceBasis(windowsFired: windows, sample: 0, deciles: [])
        provenance.again = again
        return Explanation(
            job: hash(number), node: node, coder: coder, latent: latent, text: text ?? "label \(number)",
            predicate: nil, provenance: provenance)
    }

    /// A ledger that writes into a store and tells nobody.
    static func ledger(_ store: Store, progress: RunProgress = RunProgress()) -> JobLedger {
        JobLedger(
            store: store, disk: ComputePool<Void>(name: "disk", threads: 1), progress: progress, targets: [:],
            metrics: RunMetrics(progress: progress, version: "", topology: "", digest: ""),
            spend: SpendBook(budget: nil), onRecorded: {})
    }

    static func control(_ latent: Int, _ value: Double?, failed: Int = 0) -> Score {
        score(latent, value, text: "another latent's", failed: failed, control: "shuffled")
    }
}
