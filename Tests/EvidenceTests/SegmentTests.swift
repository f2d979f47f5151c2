import Elements
import Foundation
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct SegmentTests {
    /// Absorbs a stream with a segment at random places; gives the reservoir and its segments.
    private func run(
        _ stream: RandomStream, seed: Int
    ) throws -> (reservoir: Reservoir, segments: [[UInt8]]) {
        var generator = SplitMix(seed: seed)
        var reservoir = stream.empty
        var segments: [[UInt8]] = []
        var epoch: UInt64 = 0
        for context in stream.contexts {
            try reservoir.absorb(CodeBatch([context]))
            if generator.below(4) == 0 {
                epoch += 1
                if generator.below(5) == 0 {
                    // A whole segment takes the place of all before it.
                    segments = [reservoir.wholeSegment(epoch: epoch)]
                } else if let segment = reservoir.segment(epoch: epoch) {
                    segments.append(segment)
                }
            }
        }
        if let segment = reservoir.segment(epoch: epoch + 1) { segments.append(segment) }
        return (reservoir, segments)
    }

    @Test func segmentsInAnyOrderAndRepeatedGiveTheOriginal() throws {
        for seed in 0..<300 {
            let stream = try RandomStream(seed: seed)
            let (reservoir, segments) = try run(stream, seed: seed)
            var generator = SplitMix(seed: seed)
            var restored = stream.empty
            for segment in (segments + segments.filter { _ in generator.below(2) == 0 }).shuffled(using: &generator) {
                try restored.merge(segment: segment)
            }
            #expect(EvidenceContent(restored.view()) == EvidenceContent(reservoir.view()), "seed \(seed)")
            #expect(restored.segment(epoch: 1000) == nil)
        }
    }

    @Test func aRestartGoesOnAsIfNothingHadHappened() throws {
        for seed in 0..<200 {
            let stream = try RandomStream(seed: seed, contexts: 40)
            var generator = SplitMix(seed: seed)
            var log: [[UInt8]] = []
            var reservoir = stream.empty
            var epoch: UInt64 = 0
            var unsaved: [CodedContext] = []
            for context in stream.contexts {
                try reservoir.absorb(CodeBatch([context]))
                unsaved.append(context)
                if generator.below(3) == 0 {
                    epoch += 1
                    if let segment = reservoir.segment(epoch: epoch) { log.append(segment) }
                    unsaved = []
                }
                if generator.below(6) == 0 {
                    // Killed: what the log does not hold is read again from the source.
                    reservoir = stream.empty
                    for segment in log.shuffled(using: &generator) { try reservoir.merge(segment: segment) }
                    for lost in unsaved { try reservoir.absorb(CodeBatch([lost])) }
                }
            }
            let uninterrupted = try stream.reservoir(of: stream.contexts)
            #expect(EvidenceContent(reservoir.view()) == EvidenceContent(uninterrupted.view()), "seed \(seed)")
        }
    }

    @Test func foldingSegmentsLosesNothing() throws {
        for seed in 0..<150 {
            let stream = try RandomStream(seed: seed)
            let (reservoir, segments) = try run(stream, seed: seed)
            var generator = SplitMix(seed: seed)
            // The first segments are folded into one under any later epoch; the rest come after, or before.
            let cut = generator.below(segments.count + 1)
            var folding = stream.empty
            for segment in segments.prefix(cut) { try folding.merge(segment: segment) }
            let folded = folding.wholeSegment(epoch: UInt64(cut + generator.below(100)))
            var restored = stream.empty
            for segment in ([folded] + segments.dropFirst(cut)).shuffled(using: &generator) {
                try restored.merge(segment: segment)
            }
            #expect(EvidenceContent(restored.view()) == EvidenceContent(reservoir.view()), "seed \(seed)")
        }
    }

    @Test func whatIsMergedFromAPartIsInTheNextSegment() throws {
        for seed in 0..<100 {
            let stream = try RandomStream(seed: seed)
            let half = stream.contexts.count / 2
            var left = try stream.reservoir(of: Array(stream.contexts.prefix(half)))
            var log = [left.segment(epoch: 1)].compactMap { $0 }
            var right = try stream.reservoir(of: Array(stream.contexts.dropFirst(half)))
            _ = right.segment(epoch: 7)
            try left.merge(right)
            if let segment = left.segment(epoch: 2) { log.append(segment) }
            var restored = stream.empty
            for segment in log.reversed() { try restored.merge(segment: segment) }
            #expect(EvidenceContent(restored.view()) == EvidenceContent(left.view()), "seed \(seed)")
        }
    }

    @Test func aDeltaHoldsWhatChangedAndNoMore() throws {
        let (stream, contexts) = try Self.longStream(contexts: 400)
        var reservoir = try stream.reservoir(of: contexts)
        let firstBlob = reservoir.segment(epoch: 1)
        let first = try #require(firstBlob)
        try reservoir.absorb(CodeBatch([contexts[0]]))
        let repeatedBlob = reservoir.segment(epoch: 2)
        let repeated = try #require(repeatedBlob)
        #expect(repeated.count * 2 < first.count)
        let decoded = try DecodedSegment(
            repeated, identity: reservoir.identityHash, settings: stream.settings, latents: stream.coder.latents)
        #expect(decoded.entries.isEmpty && decoded.windows.isEmpty && decoded.pool.isEmpty)
        #expect(!decoded.counts.isEmpty)
        #expect(reservoir.segment(epoch: 3) == nil)
    }

    @Test func everyTruncationIsAnErrorAndChangesNothing() throws {
        let stream = try Self.smallStream()
        var reservoir = try stream.reservoir(of: stream.contexts)
        let segment = reservoir.wholeSegment(epoch: 3)
        #expect(segment.count > 200)
        var victim = stream.empty
        let before = EvidenceContent(victim.view())
        for length in 0..<segment.count {
            #expect(throws: EvidenceError.self, "length \(length)") {
                try victim.merge(segment: Array(segment.prefix(length)))
            }
        }
        #expect(throws: EvidenceError.self) { try victim.merge(segment: segment + [0]) }
        #expect(EvidenceContent(victim.view()) == before)
        try victim.merge(segment: segment)
        #expect(EvidenceContent(victim.view()) == EvidenceContent(reservoir.view()))
    }

    @Test func everyFlippedBitIsAnErrorAndChangesNothing() throws {
        let stream = try Self.smallStream()
        var reservoir = try stream.reservoir(of: stream.contexts)
        let segment = reservoir.wholeSegment(epoch: 3)
        var victim = stream.empty
        let before = EvidenceContent(victim.view())
        for bit in 0..<8 * segment.count {
            var damaged = segment
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: EvidenceError.self, "bit \(bit)") { try victim.merge(segment: damaged) }
        }
        #expect(EvidenceContent(victim.view()) == before)
    }

    @Test func everyFlippedBitOfWhatCameInPiecesIsAnError() throws {
        let stream = try Self.smallStream()
        var reservoir = try stream.reservoir(of: stream.contexts)
        var segment: [UInt8] = []
        try reservoir.writeSegment(epoch: 3, isWhole: true, pieceLength: 50) { segment += $0 }
        var victim = stream.empty
        for bit in 0..<8 * segment.count {
            var damaged = segment
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: EvidenceError.self, "bit \(bit)") { try victim.merge(segment: damaged) }
        }
        #expect(victim.isEmpty)
    }

    @Test func damageUnderAValidChecksumNeverTraps() throws {
        let stream = try Self.smallStream()
        var reservoir = try stream.reservoir(of: stream.contexts)
        let segment = reservoir.wholeSegment(epoch: 3)
        var generator = SplitMix(seed: 11)
        var refused = 0
        for _ in 0..<6000 {
            var body = Array(segment.dropLast(8))
            for _ in 0...generator.below(3) {
                let place = 21 + generator.below(body.count - 21)
                switch generator.below(4) {
                case 0: body[place] = UInt8(truncatingIfNeeded: generator.next())
                case 1: body[place] ^= 1 << UInt8(generator.below(8))
                case 2: body.remove(at: place)
                default: body.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
                }
            }
            var writer = ByteWriter()
            writer.raw(body)
            writer.word(SegmentFormat.checksum(body[...]))
            var victim = stream.empty
            do throws(EvidenceError) {
                try victim.merge(segment: writer.bytes)
            } catch {
                refused += 1
                #expect(victim.isEmpty)
            }
            // Whatever was let in must be evidence that all operations can work with.
            for context in stream.contexts { try victim.absorb(CodeBatch([context])) }
            _ = EvidenceContent(victim.view())
            var again = stream.empty
            try again.merge(segment: victim.wholeSegment(epoch: 9))
            #expect(again.digest == victim.digest)
        }
        #expect(refused > 3000)
    }

    @Test func otherSettingsCodersAndFormatsAreNamed() throws {
        let stream = try Self.smallStream()
        var reservoir = try stream.reservoir(of: stream.contexts)
        let segment = reservoir.wholeSegment(epoch: 3)
        var other = Reservoir(settings: try ReservoirSettings(window: 4, seed: 2), coder: stream.coder)
        #expect(throws: EvidenceError.foreignSegment) { try other.merge(segment: segment) }
        var later = segment
        later[4] = 4
        #expect(throws: EvidenceError.segmentVersion(found: 4, expected: 3)) { try other.merge(segment: later) }
        #expect(throws: EvidenceError.malformedSegment(offset: 0, "it does not start with GLEV")) {
            try other.merge(segment: Array("{\"text\": \"not a segment\"}".utf8))
        }
        #expect(EvidenceError.foreignSegment.description.contains("topology"))
    }

    @Test(arguments: [1, 7, 100, 4096, 1 << 20]) func piecesAreTheWholeSegment(length: Int) throws {
        let stream = try Self.smallStream()
        var reservoir = try stream.reservoir(of: stream.contexts)
        var twin = reservoir
        var pieces: [[UInt8]] = []
        try reservoir.writeSegment(epoch: 3, isWhole: true, pieceLength: length) { pieces.append($0) }
        let whole = twin.wholeSegment(epoch: 3)
        let bytes = pieces.flatMap(\.self)
        // All but the bit that says so, and the checksum.
        #expect(bytes.count == whole.count && bytes[4] == whole[4] | 0x80)
        #expect(bytes[..<4] == whole[..<4] && bytes[5..<bytes.count - 8] == whole[5..<whole.count - 8])
        var restored = stream.empty
        try restored.merge(segment: bytes)
        #expect(restored.digest == twin.digest && restored.digest == reservoir.digest)
        // What has no count of its own ends a piece late: here at most a window or the latents of one.
        #expect(pieces.allSatisfy { $0.count < length + 512 })
        #expect(reservoir.segment(epoch: 4) == nil)
    }

    @Test func aRefusedPieceEndsTheWritingAndNothingCountsAsWritten() throws {
        struct Refused: Error {}
        let stream = try Self.smallStream()
        var reservoir = try stream.reservoir(of: stream.contexts)
        var taken = 0
        #expect(throws: Refused.self) {
            try reservoir.writeSegment(epoch: 3, isWhole: true, pieceLength: 64) { _ in
                taken += 1
                if taken == 3 { throw Refused() }
            }
        }
        #expect(taken == 3)
        let segment = reservoir.segment(epoch: 4)
        var restored = stream.empty
        try restored.merge(segment: try #require(segment))
        #expect(restored.digest == reservoir.digest)
    }

    @Test func segmentsOfTheFirstFormatAreReadAndKnowNoDocuments() throws {
        struct Golden: Decodable {
            let seed: Int
            let contexts: Int
            let digest: String
            let segments: [Data]
        }
        let golden = try GoldenFiles.decode(Golden.self, from: "statistics/segments-1.json")
        let stream = try RandomStream(seed: golden.seed, contexts: golden.contexts, isOld: true)
        var restored = stream.empty
        for segment in golden.segments { try restored.merge(segment: Array(segment)) }
        let view = restored.view()
        #expect(view.digest.description == golden.digest)
        #expect(view.pool.count > 3 && view.pool.allSatisfy { $0.document == nil })
        #expect(view.evidence(of: 0).test.allSatisfy { $0.document == nil })
        #expect(view.breakdown.tokens == 0 && view.totals.tokens > 0)
        // What is seen again is known from then on, and nothing else has changed.
        let fresh = try stream.reservoir(of: stream.contexts)
        for context in stream.contexts { try restored.absorb(CodeBatch([context])) }
        #expect(EvidenceContent(restored.view()).withoutCounts == EvidenceContent(fresh.view()).withoutCounts)
        #expect(restored.view().breakdown == fresh.view().breakdown)
        var again = stream.empty
        for segment in golden.segments { try again.merge(segment: Array(segment)) }
        let whole = again.wholeSegment(epoch: 99)
        var copy = stream.empty
        try copy.merge(segment: whole)
        #expect(EvidenceContent(copy.view()) == EvidenceContent(view))
    }

    private static func smallStream() throws -> RandomStream {
        var seed = 0
        while true {
            let stream = try RandomStream(seed: seed, contexts: 12)
            let settings = stream.settings
            if stream.contexts.count >= 8, settings.recent > 0, settings.top > 0, settings.pool > 3 { return stream }
            seed += 1
        }
    }

    private static func longStream(contexts count: Int) throws -> (RandomStream, [CodedContext]) {
        let stream = try smallStream()
        var generator = SplitMix(seed: 3)
        let contexts = (0..<count).map { _ in stream.contexts[generator.below(stream.contexts.count)] }
        return (stream, contexts)
    }

    @Test func ofSomeLatentsAllIsReadAndOfThoseOnOtherPagesNothing() throws {
        var generator = SplitMix(seed: 78)
        let coder = CoderIdentity(name: "c", hookpoint: "h", latents: 2000, digest: Hash128(high: 0, low: 1))
        let settings = try ReservoirSettings(window: 8, sample: 12, top: 3, pool: 20, recent: 4, seed: 5)
        var whole = Reservoir(settings: settings, coder: coder)
        var part = whole
        for epoch in UInt64(1)...3 {
            try whole.absorb(WorkSharingTests.batch(latents: coder.latents, firing: 600, &generator))
            let segment = whole.segment(epoch: epoch)
            try part.merge(segment: try #require(segment), of: [300, 1999])
        }
        let (all, some) = (whole.view(), part.view())
        #expect(some.totals == all.totals && some.pool == all.pool)
        for latent in [300, 1999] {
            #expect(all.evidence(of: latent).train.isEmpty == false)
            #expect(some.evidence(of: latent).train == all.evidence(of: latent).train)
            #expect(some.evidence(of: latent).test == all.evidence(of: latent).test)
            #expect(some.evidence(of: latent).top == all.evidence(of: latent).top)
            #expect(some.statistics(of: latent) == all.statistics(of: latent))
        }
        #expect(some.evidence(of: 5).train.isEmpty && some.statistics(of: 5).tokensFired == 0)
    }
}
