import Elements
import Foundation
import Hashing

@testable import Store

/// A directory that is gone when the test is over.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "gloss-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var state: String { path + "/state" }

    /// Opens the store in `state` with a clock that stands at 2026-11-23T12:04:31.120Z.
    func open(
        _ topology: TopologyIdentity = Fixture.topology, partLength: Int = 1 << 20
    ) throws(StoreError) -> Store {
        try Store(directory: state, topology: topology, now: { Fixture.time }, partLength: partLength)
    }
}

extension TemporaryDirectory {
    /// The bytes of a file of the state; 0 if there is none.
    func size(of file: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: state + "/" + file)
        return attributes?[.size] as? Int ?? 0
    }

    /// The state as it is found after a crash at this moment.
    func crashImage() throws -> TemporaryDirectory {
        let image = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: state, toPath: image.state)
        return image
    }
}

enum Fixture {
    static let time: Int64 = 1_795_435_471_120
    static let timeText = "2026-11-23T12:04:31.120Z"
    static let topology = TopologyIdentity(name: "quickstart", digest: hash(1), nodes: ["evidence": hash(2)])
    static let coder = CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 24_576, digest: hash(3))

    static func hash(_ value: UInt64) -> Hash128 { Hash128(high: value &* 0x9e37_79b9_7f4a_7c15, low: value) }

    static func job(_ number: UInt64, node: String = "prose", latent: Int? = nil) -> PlannedJob {
        PlannedJob(
            id: hash(number), node: node, kind: .explain, coder: "codes", latent: latent ?? Int(number),
            payload: [1, 2, UInt8(number & 255)])
    }

    static func explanation(_ number: UInt64, node: String = "prose", text: String = "dates") -> Explanation {
        Explanation(
            job: hash(number), node: node, coder: coder, latent: Int(number), text: text,
            predicate: #"{"tokens":[1,2]}"#,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "4", model: "judge", seed: .max,
                evidenceDigest: hash(5), epoch: 7, shown: [hash(8), hash(9)]))
    }

    static func score(
        _ number: UInt64, node: String = "detected",
        headline: Estimate? = Estimate(value: 0.84, lower: 0.76, upper: 0.9, count: 100),
        details: [String: Estimate] = [:]
    ) -> Score {
        Score(
            job: hash(number), node: node, method: "detection", coder: coder, latent: Int(number),
            explanation: hash(1000), explainedBy: "prose", text: "dates", headline: headline, details: details,
            judged: 100, failed: 2, tokensIn: 412, tokensOut: 31)
    }

    static func choice(_ challenger: UInt64, latent: Int = 3, outcome: ChoiceOutcome = .replaced) -> Choice {
        Choice(
            challenger: hash(challenger), standing: hash(1), node: "lexical", coder: coder,
            latent: latent, reason: .fallen, outcome: outcome,
            scores: [
                PairedScore(node: "executed", standing: 0.5, challenger: 0.75),
                PairedScore(node: "detected", standing: nil, challenger: nil),
            ], epoch: 9)
    }

    static func letter(_ offset: Int64, code: String = "not-utf8", value: [UInt8] = [0xff]) -> DeadLetter {
        DeadLetter(
            position: RecordPosition(source: "corpus", topic: "corpus", partition: 1, offset: offset), node: "corpus",
            code: code, reason: "byte 0 is not UTF-8", value: value)
    }

    static func fence(_ partition: Int32, next: Int64, last: Fence.LastRecord? = nil) -> Fence {
        Fence(source: "corpus", topic: "corpus", partition: partition, next: next, last: last)
    }
}

/// The error of a block that is expected to throw one; `nil` where it throws none.
func storeError<Value>(_ body: () throws(StoreError) -> Value) -> StoreError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
