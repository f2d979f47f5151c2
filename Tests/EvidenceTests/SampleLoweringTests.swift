import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct SampleLoweringTests {
    @Test func aLoweredReservoirIsOneThatHadThatSampleFromTheStart() throws {
        for seed in 0..<300 {
            let stream = try RandomStream(seed: seed, sample: 40)
            var generator = SplitMix(seed: seed)
            var reservoir = stream.empty
            for context in stream.contexts {
                if generator.below(6) == 0 { reservoir.lower(sampleTo: 2 + generator.below(50)) }
                try reservoir.absorb(CodeBatch([context]))
            }
            let expected = try stream.reservoir(sample: reservoir.sample)
            #expect(EvidenceContent(reservoir.view()) == EvidenceContent(expected.view()), "seed \(seed)")
            #expect(reservoir.digest == expected.digest)
        }
    }

    @Test func loweringNeverRaises() throws {
        var reservoir = try RandomStream(seed: 2, sample: 40).empty
        #expect(reservoir.sample == 40)
        for (asked, expected) in [(41, 40), (40, 40), (17, 17), (30, 17), (1, 2), (-5, 2), (.max, 2)] {
            reservoir.lower(sampleTo: asked)
            #expect(reservoir.sample == expected)
        }
        #expect(reservoir.settings.sample == 40)
    }

    @Test func restartsKeepTheLoweredSample() throws {
        for seed in 0..<200 {
            let stream = try RandomStream(seed: seed, contexts: 40, sample: 24)
            var generator = SplitMix(seed: seed)
            var log: [[UInt8]] = []
            var reservoir = stream.empty
            var epoch: UInt64 = 0
            var unsaved: [CodedContext] = []
            var lowest = 24
            for context in stream.contexts {
                try reservoir.absorb(CodeBatch([context]))
                unsaved.append(context)
                if generator.below(3) == 0 {
                    if generator.below(3) == 0 { reservoir.lower(sampleTo: 2 + generator.below(24)) }
                    epoch += 1
                    if generator.below(4) == 0 {
                        log = [reservoir.wholeSegment(epoch: epoch)]
                    } else if let segment = reservoir.segment(epoch: epoch) {
                        log.append(segment)
                    }
                    lowest = reservoir.sample
                    unsaved = []
                }
                if generator.below(6) == 0 {
                    reservoir = stream.empty
                    for segment in log.shuffled(using: &generator) { try reservoir.merge(segment: segment) }
                    #expect(reservoir.sample == lowest, "seed \(seed)")
                    #expect(reservoir.segment(epoch: 1000) == nil)
                    for lost in unsaved { try reservoir.absorb(CodeBatch([lost])) }
                }
            }
            let expected = try stream.reservoir(sample: lowest)
            #expect(EvidenceContent(reservoir.view()) == EvidenceContent(expected.view()), "seed \(seed)")
        }
    }

    @Test func whatSamplesCostAtMostIsNeverLessThanWhatTheyCostAndTheSameOnceNothingWaits() throws {
        var total = 0
        for seed in 0..<50 {
            let stream = try RandomStream(seed: seed, sample: 24)
            var reservoir = stream.empty
            for context in stream.contexts {
                try reservoir.absorb(CodeBatch([context]))
                #expect(reservoir.sampleBytesAtMost >= reservoir.sampleBytes(at: reservoir.sample))
            }
            reservoir.settle()
            #expect(reservoir.sampleBytesAtMost == reservoir.sampleBytes(at: reservoir.sample))
            total += reservoir.sampleBytesAtMost
        }
        #expect(total > 0)
    }

    @Test func whatWaitsBeforeFullSamplesAddsNothingToWhatTheyCostAtMost() throws {
        let stream = try RandomStream(seed: 3, contexts: 400, sample: 4)
        var reservoir = stream.empty
        try reservoir.absorb(CodeBatch(stream.contexts))
        reservoir.settle()
        let full = reservoir.sampleBytesAtMost
        try reservoir.absorb(CodeBatch(stream.contexts))
        #expect(full > 0 && reservoir.sampleBytesAtMost == full)
    }

    @Test func partsOfDifferentSamplesMergeToTheSmaller() throws {
        for seed in 0..<150 {
            let stream = try RandomStream(seed: seed, sample: 24)
            let half = stream.contexts.count / 2
            var left = try stream.reservoir(of: Array(stream.contexts.prefix(half)))
            var right = try stream.reservoir(of: Array(stream.contexts.dropFirst(half)))
            left.lower(sampleTo: 2 + seed % 9)
            right.lower(sampleTo: 2 + seed % 7)
            let smaller = min(left.sample, right.sample)
            try left.merge(right)
            #expect(left.sample == smaller)
            let expected = try stream.reservoir(sample: smaller)
            #expect(EvidenceContent(left.view()) == EvidenceContent(expected.view()), "seed \(seed)")
        }
    }

    @Test func onlyALoweredReservoirWritesTheFormatThatNotesIt() throws {
        let stream = try RandomStream(seed: 4, sample: 12)
        var reservoir = try stream.reservoir(of: stream.contexts)
        #expect(reservoir.wholeSegment(epoch: 1)[4] == 2)
        #expect(reservoir.segment(epoch: 2) == nil)
        reservoir.lower(sampleTo: 6)
        let segment = reservoir.segment(epoch: 2)
        #expect(segment?[4] == 3)
        #expect(reservoir.segment(epoch: 3) == nil)
        #expect(reservoir.wholeSegment(epoch: 3)[4] == 3)
    }

    @Test(arguments: [0, 1, 13, 127]) func aSegmentOfAnImpossibleSampleIsRefused(sample: UInt8) throws {
        let stream = try RandomStream(seed: 4, sample: 12)
        var reservoir = try stream.reservoir(of: stream.contexts)
        reservoir.lower(sampleTo: 6)
        var body = Array(reservoir.wholeSegment(epoch: 1).dropLast(8))
        #expect(body[21] == 6)
        body[21] = sample
        var writer = ByteWriter()
        writer.raw(body)
        writer.word(SegmentFormat.checksum(body[...]))
        var victim = stream.empty
        #expect(throws: EvidenceError.self) { try victim.merge(segment: writer.bytes) }
        #expect(victim.isEmpty && victim.sample == 12)
    }
}
