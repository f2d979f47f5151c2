import Elements
import Foundation
import Hashing
import StateFixtures
import Store
import Testing

@testable import StateNotes

@Suite struct EvidenceNoteTests {
    private static let view = BrokenDownView(
        positions: [100, 200], sources: [SourceTotals(name: "web", tokens: 300, contexts: 8)],
        firing: [([0, 0], [0]), ([3, 4], [7]), ([0, 250], [250])])

    private func note(_ change: (inout BrokenDownView) -> Void = { _ in }) -> EvidenceNote {
        var view = Self.view
        change(&view)
        return EvidenceNote(node: "evidence", view: view, epoch: 5)
    }

    @Test func aNoteSaysWhatTheReservoirHoldsAndHowOftenItsLatentsFired() {
        let note = note()
        #expect(note.node == "evidence" && note.coder == "codes" && note.epoch == 5)
        #expect(note.digest == Hash128(high: 3, low: 4).description && note.latents == 3 && note.fired == 2)
        #expect(note.totals == StreamTotals(tokens: 300, contexts: 8, windows: 32, shortWindows: 1))
        #expect(note.activity?.never == 1 && note.activity?.atMost200 == 2 && note.activity?.decades == [1, 0, 1])
        #expect(note.breakdown?.lengths.map(\.never) == [2, 1] && note.countsDigest?.count == 32)
    }

    private static let others: [@Sendable (inout BrokenDownView) -> Void] = [
        { $0.digest = Hash128(high: 0, low: 0) }, { $0.totals.windows = 99 },
        {
            $0.coder = CoderIdentity(name: "other", hookpoint: "layers.2", latents: 3, digest: Hash128(high: 9, low: 9))
        },
    ]

    @Test(arguments: others.indices) func theDigestOfCountsRestsOnCountsAlone(change: Int) {
        #expect(note(Self.others[change]).countsDigest == note().countsDigest)
    }

    private static func statistics(
        _ tokens: UInt64 = 7, windows: UInt64 = 1, sum: Double = 1, squares: Double = 1, maximum: Float = 1,
        histogram: [UInt64] = []
    ) -> LatentStatistics {
        LatentStatistics(
            tokensFired: tokens, windowsFired: windows, sum: sum, sumOfSquares: squares, maximum: maximum,
            histogram: histogram)
    }

    private static let changes: [@Sendable (inout BrokenDownView) -> Void] = [
        { $0.counts[1] = statistics(8) }, { $0.counts[1] = statistics(windows: 2) },
        { $0.counts[1] = statistics(sum: 1.5) }, { $0.counts[1] = statistics(squares: 1.5) },
        { $0.counts[1] = statistics(maximum: 1.5) }, { $0.counts[1] = statistics(histogram: [1]) },
        { $0.firing.swapAt(1, 2) }, { $0.firing[1] = FiringBreakdown(byPosition: [4, 3], bySource: [7]) },
        { $0.firing[1] = FiringBreakdown(byPosition: [3, 4], bySource: [6]) },
        { $0.breakdown = StreamBreakdown(tokensByPosition: [200, 100], sources: $0.breakdown.sources) },
        {
            $0.breakdown = StreamBreakdown(
                tokensByPosition: [100, 200], sources: [SourceTotals(name: "wiki", tokens: 300, contexts: 8)])
        },
        {
            $0.breakdown = StreamBreakdown(
                tokensByPosition: [100, 200], sources: [SourceTotals(name: "web", tokens: 300, contexts: 7)])
        },
    ]

    @Test(arguments: changes.indices) func everyCountIsInTheDigestOfCounts(change: Int) {
        #expect(note(Self.changes[change]).countsDigest != note().countsDigest)
    }

    /// States keep the digest: it is that of the same bytes, whichever way they are handed to the hash.
    @Test func theDigestOfCountsIsThatOfTheirBytesInOrder() {
        var bytes: [UInt8] = []
        func add(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        var view = Self.view
        view.counts[1] = Self.statistics(9, windows: 3, sum: 2.5, squares: 7.25, maximum: 1.5, histogram: [4, 5, 6])
        for latent in 0..<3 {
            let statistics = view.statistics(of: latent)
            add(statistics.tokensFired)
            add(statistics.windowsFired)
            add(statistics.sum.bitPattern)
            add(statistics.sumOfSquares.bitPattern)
            add(statistics.maximum.bitPattern)
            for count in statistics.histogram + view.firing[latent].byPosition + view.firing[latent].bySource {
                add(count)
            }
        }
        for count in view.breakdown.tokensByPosition { add(count) }
        for source in view.breakdown.sources {
            add(UInt64(source.name.utf8.count))
            bytes += source.name.utf8
            add(source.tokens)
            add(source.contexts)
        }
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x636f_756e_7473), wide: true)
        hasher.update(bytes)
        let expected = hasher.finalize128().description
        #expect(note { $0.counts = view.counts }.countsDigest == expected)
    }

    @Test func theDigestOfNoChangeIsTheSame() {
        #expect(note().countsDigest == note { $0.counts[1] = Self.statistics() }.countsDigest)
    }

    @Test func aNoteIsReadAsItWasWritten() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try EvidenceNote.notes.write(note(), of: "evidence", to: store)
        let read = try #require(try EvidenceNote.notes.all(in: Store.reader(directory: directory.state)).first)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(read) == encoder.encode(note()))
        #expect(try store.meta("evidence.nodes") == "evidence" && store.meta("evidence.note.evidence") != nil)
    }

    @Test func aNoteOfAnOlderVersionLacksWhatThatDidNotCount() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try store.setMeta("evidence.nodes", "evidence")
        try store.setMeta(
            "evidence.note.evidence",
            """
            {"node":"evidence","digest":"ab","epoch":1,"latents":256,"fired":17,"countsDigest":"cd","later":[1],\
            "totals":{"tokens":1000,"contexts":8,"windows":32,"shortWindows":1}}
            """)
        let note = try #require(try EvidenceNote.notes.all(in: store).first)
        #expect(note.activity == nil && note.breakdown == nil && note.coder == nil)
        #expect(note.latents == 256 && note.totals.windows == 32 && note.countsDigest == "cd")
    }

    @Test func aCoderThatNeverFiredHasNoDecades() {
        let note = EvidenceNote(node: "evidence", view: BrokenDownView(firing: [([], []), ([], [])]), epoch: 0)
        #expect(note.fired == 0 && note.activity?.never == 2 && note.activity?.decades == [] && note.breakdown == nil)
    }
}
