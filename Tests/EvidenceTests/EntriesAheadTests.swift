import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

/// Entries that go to the disk before the segment that completes them.
@Suite struct EntriesAheadTests {
    /// A stream absorbed context by context, with segments at random moments.
    private struct Told {
        /// What each segment was followed by: the segments so far, and what the reservoir held.
        var checkpoints: [(segments: [[UInt8]], content: EvidenceContent)] = []
        /// How many were written ahead of another.
        var ahead = 0
        var last: Reservoir
    }

    private func told(_ stream: RandomStream, lowers: Bool, ahead chance: Int) throws -> Told {
        var generator = stream.generator
        var told = Told(last: stream.empty)
        var segments: [[UInt8]] = []
        var epoch: UInt64 = 0
        for context in stream.contexts {
            try told.last.absorb(CodeBatch([context]))
            if lowers, generator.below(60) == 0 { told.last.lower(sampleTo: told.last.sample - 1) }
            if generator.below(10) < chance {
                var bytes: [UInt8] = []
                let count = try told.last.writeEntriesAhead(pieceLength: 1 + generator.below(99)) { bytes += $0 }
                #expect(count == bytes.count && told.last.unwrittenEntries == 0)
                if !bytes.isEmpty { segments.append(bytes) }
                told.ahead += bytes.isEmpty ? 0 : 1
            }
            guard generator.below(7) == 0 else { continue }
            epoch += 1
            var (segment, whole): ([UInt8], [UInt8]) = ([], [])
            try told.last.writeSegment(epoch: epoch) { segment += $0 }
            if !segment.isEmpty { segments.append(segment) }
            if epoch % 5 == 0 {
                try told.last.writeSegment(epoch: epoch, isWhole: true) { whole += $0 }
                segments = [whole]
            }
            // A view shares its pages with the reservoir while that writes on.
            told.checkpoints.append((segments, EvidenceContent(told.last.view())))
        }
        return told
    }

    @Test(arguments: [false, true]) func withTheSegmentsBehindThemTheyGiveWhatThereWas(lowers: Bool) throws {
        var ahead = 0
        for seed in 0..<60 {
            let stream = try RandomStream(seed: seed, contexts: 160, sample: lowers ? 40 : nil)
            let told = try told(stream, lowers: lowers, ahead: 4)
            ahead += told.ahead
            for (segments, content) in told.checkpoints {
                var (restored, reversed) = (stream.empty, stream.empty)
                for segment in segments { try restored.merge(segment: segment) }
                for segment in segments.reversed() { try reversed.merge(segment: segment) }
                #expect(EvidenceContent(restored.view()) == content, "seed \(seed)")
                #expect(reversed.digest == content.digest, "seed \(seed)")
            }
        }
        #expect(ahead > 500)
    }

    @Test func littleBesideLongListsIsWrittenWithoutTakingItIn() throws {
        let stream = try RandomStream(seed: 5, contexts: 600, sample: 400)
        var reservoir = stream.empty
        try reservoir.absorb(CodeBatch(stream.contexts.dropLast()))
        try reservoir.writeEntriesAhead { _ in }
        let lists = reservoir.pages[0].samples.byteCount
        try reservoir.absorb(CodeBatch(stream.contexts.suffix(1)))
        let waits = reservoir.pages[0].log.records.count
        try reservoir.writeEntriesAhead { _ in }
        #expect(waits > 0 && reservoir.pages[0].log.records.count == waits, "it has been taken in")
        #expect(reservoir.pages[0].log.unwrittenBytes == 0 && reservoir.pages[0].samples.byteCount == lists)
    }

    @Test func theyChangeNothingOfWhatIsHeld() throws {
        for seed in 0..<40 {
            let stream = try RandomStream(seed: seed, contexts: 160)
            let (with, without) = (
                try told(stream, lowers: false, ahead: 5), try told(stream, lowers: false, ahead: 0)
            )
            #expect(EvidenceContent(with.last.view()) == EvidenceContent(without.last.view()), "seed \(seed)")
        }
    }

    @Test func whatIsAheadIsNotRepeatedBehindIt() throws {
        let stream = try RandomStream(seed: 3, contexts: 300, sample: 200)
        var reservoir = stream.empty
        try reservoir.absorb(CodeBatch(stream.contexts))
        var (ahead, behind, whole): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        var twin = reservoir
        try twin.writeSegment(epoch: 1) { whole += $0 }
        try reservoir.writeEntriesAhead { ahead += $0 }
        try reservoir.writeSegment(epoch: 1) { behind += $0 }
        #expect(ahead.count > behind.count && behind.count < whole.count / 2)
        try reservoir.writeEntriesAhead { _ in Issue.record("there is nothing left to write") }
    }

    @Test func aFailureOnTheWayLeavesThemToBeWritten() throws {
        struct Full: Error {}
        let stream = try RandomStream(seed: 8, contexts: 100)
        var reservoir = stream.empty
        try reservoir.absorb(CodeBatch(stream.contexts))
        #expect(throws: Full.self) { try reservoir.writeEntriesAhead(pieceLength: 10) { _ in throw Full() } }
        var restored = stream.empty
        var bytes: [UInt8] = []
        try reservoir.writeSegment(epoch: 1) { bytes += $0 }
        try restored.merge(segment: bytes)
        #expect(restored.digest == reservoir.digest)
    }
}
