package import Corpus
package import Elements
import Foundation
package import Hashing
package import Store

/// A directory that is gone when the test is over.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "gloss-daemon-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package var state: String { path + "/state" }

    package func store(partLength: Int = 4 << 20) throws -> Store {
        try Store(
            directory: state, topology: Fixture.topology, now: { Fixture.time }, partLength: partLength)
    }
}

package enum Fixture {
    /// 2026-11-23T12:04:31.120Z.
    package static let time: Int64 = 1_795_435_471_120
    package static let topology = TopologyIdentity(name: "tiny", digest: hash(1), nodes: ["evidence": hash(2)])
    package static let coder = CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 24_576, digest: hash(3))

    package static func hash(_ value: UInt64) -> Hash128 { Hash128(high: value &* 0x9e37_79b9_7f4a_7c15, low: value) }

    package static func record(
        _ offset: Int64, _ text: String, source: String = "corpus", partition: Int32 = 0
    ) -> RawRecord {
        RawRecord(
            position: RecordPosition(source: source, topic: "texts", partition: partition, offset: offset),
            timestamp: time, key: nil, value: Array(text.utf8))
    }

    package static func fence(
        _ source: String = "corpus", partition: Int32 = 0, next: Int64, last: Fence.LastRecord? = nil
    ) -> Fence {
        Fence(source: source, topic: "texts", partition: partition, next: next, last: last)
    }

    package static func letter(_ offset: Int64, source: String = "corpus") -> DeadLetter {
        DeadLetter(
            position: RecordPosition(source: source, topic: "texts", partition: 0, offset: offset), node: source,
            code: "not-utf8", reason: "byte 0 is not UTF-8", value: [0xff])
    }

    package static func job(_ number: UInt64) -> PlannedJob {
        PlannedJob(
            id: hash(number), node: "prose", kind: .explain, coder: "codes", latent: Int(number), payload: [])
    }

    package static func score(
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

    package static func control(_ latent: Int, _ value: Double?, failed: Int = 0) -> Score {
        score(latent, value, text: "another latent's", failed: failed, control: "shuffled")
    }
}
