import Elements
import Hashing
import StateFixtures
import Store
import TestSupport
import Testing

@testable import LatentSheets

/// Rows of which only those are read again that something was stored about, against all read anew.
@Suite struct StoredRowsTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let coders = ["codes", "other"].map {
        CoderIdentity(name: $0, hookpoint: "layers.10", latents: 60, digest: Fixture.hash(3))
    }

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func explanation(_ number: UInt64, of latent: Int, in coder: CoderIdentity) -> Explanation {
        var explanation = Explanation(
            job: Fixture.hash(number), node: coder.name == "codes" ? "words" : "prose", coder: coder, latent: latent,
            text: "text \(number)", predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "default-2", model: nil, seed: 0,
                evidenceDigest: Fixture.hash(2), epoch: number, shown: []))
        explanation.provenance.basis = EvidenceBasis(windowsFired: number, sample: 0, deciles: [])
        return explanation
    }

    private func score(_ number: UInt64, of explanation: Explanation, control: String? = nil) -> Score {
        var score = SheetFixture.score(
            number, of: explanation, 0.5 + Double(number % 7) / 20, node: number % 2 == 0 ? "detected" : "embedded",
            control: control)
        score.coder = explanation.coder
        return score
    }

    private func expectSame(_ updated: StoredRows, _ whole: StoredRows) {
        #expect(updated.cursor == whole.cursor && updated.pinned == whole.pinned)
        #expect(updated.rows.filter { !$0.value.isEmpty } == whole.rows.filter { !$0.value.isEmpty })
        #expect(updated.pasts.filter { !$0.value.isEmpty } == whole.pasts.filter { !$0.value.isEmpty })
    }

    @Test func whatIsStoredByAndByIsWhatIsReadAtOnce() throws {
        var generator = SplitMix(seed: 5)
        var updated = try StoredRows(store: store)
        var standing: [LatentKey: Explanation] = [:]
        var number: UInt64 = 1
        for _ in 0..<40 {
            for _ in 0..<generator.below(6) {
                number += 10
                let (coder, latent) = (coders[generator.below(2)], generator.below(60))
                let key = LatentKey(coder: coder.name, latent: latent)
                guard let known = standing[key] else {
                    let first = explanation(number, of: latent, in: coder)
                    try store.record(explanations: [first])
                    standing[key] = first
                    continue
                }
                switch generator.below(4) {
                case 0: try store.record(scores: [score(number, of: known), score(number + 1, of: known)])
                case 1: try store.record(scores: [score(number, of: known, control: "shuffled")])
                case 2:
                    var second = explanation(number, of: latent, in: coder)
                    second.provenance.again = ExplainedAgain(standing: known.job, reason: .grown)
                    // Some wait for a comparison.
                    try store.record(explanations: [second])
                default:
                    var second = explanation(number, of: latent, in: coder)
                    second.provenance.again = ExplainedAgain(standing: known.job, reason: .grown)
                    let isReplaced = generator.below(2) == 0
                    try store.record(
                        explanations: [second],
                        choices: [
                            Choice(
                                challenger: second.job, standing: known.job, node: known.node, coder: coder,
                                latent: latent, reason: .grown, outcome: isReplaced ? .replaced : .kept,
                                scores: [PairedScore(node: "detected", standing: 0.7, challenger: 0.8)], epoch: number)
                        ])
                    if isReplaced { standing[key] = second }
                }
            }
            updated = try #require(try updated.updated(from: store))
            expectSame(updated, try StoredRows(store: store))
            expectSame(try StoredRows(store: store, block: 3), updated)
        }
        #expect(updated.rows.values.reduce(0) { $0 + $1.count } > 40 && !updated.pasts.isEmpty)
        #expect(try updated.updated(from: store)?.cursor == updated.cursor)
    }

    @Test func whatIsAboutManyLatentsIsReadAsAWhole() throws {
        let before = try StoredRows(store: store)
        var coder = coders[0]
        coder = CoderIdentity(name: coder.name, hookpoint: coder.hookpoint, latents: 100, digest: coder.digest)
        try store.record(explanations: (0..<65).map { explanation(UInt64($0 + 1), of: $0, in: coder) })
        #expect(try before.updated(from: store) == nil)
        let after = try StoredRows(store: store)
        try store.record(scores: [score(99, of: explanation(1, of: 0, in: coder))])
        expectSame(try #require(try after.updated(from: store)), try StoredRows(store: store))
    }
}
