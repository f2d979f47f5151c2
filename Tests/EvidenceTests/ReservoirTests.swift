import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct ReservoirTests {
    @Test func everythingEqualsATwinThatKeepsAllAndSorts() throws {
        for seed in 0..<400 {
            let stream = try RandomStream(seed: seed)
            let view = try stream.reservoir(of: stream.contexts, batchSeed: seed).view()
            let naive = NaiveEvidence(stream.contexts, settings: stream.settings, latents: stream.coder.latents)
            for latent in 0..<stream.coder.latents {
                let evidence = view.evidence(of: latent)
                let expected = naive.evidence(of: latent)
                #expect(evidence.train == expected.train, "seed \(seed), latent \(latent)")
                #expect(evidence.top == expected.top, "seed \(seed), latent \(latent)")
                #expect(evidence.test == expected.test, "seed \(seed), latent \(latent)")
                #expect(evidence.recent == expected.recent, "seed \(seed), latent \(latent)")
                #expect(evidence.statistics == expected.statistics, "seed \(seed), latent \(latent)")
                #expect(view.statistics(of: latent) == expected.statistics)
                #expect(view.sampled(of: latent) == expected.train.count + expected.test.count)
                #expect(view.trainPeaks(of: latent) == expected.train.map(\.peak), "seed \(seed), latent \(latent)")
            }
            #expect(view.pool == naive.pool, "seed \(seed)")
            #expect(view.totals == naive.totals, "seed \(seed)")
        }
    }

    @Test func orderLeavesNoTrace() throws {
        for seed in 0..<300 {
            var stream = try RandomStream(seed: seed)
            let original = EvidenceContent(try stream.reservoir(of: stream.contexts).view())
            let shuffled = Self.shuffled(&stream)
            #expect(
                EvidenceContent(try stream.reservoir(of: shuffled, batchSeed: seed).view()) == original, "seed \(seed)")
        }
    }

    @Test func repeatsLeaveNoTraceButInCounts() throws {
        for seed in 0..<300 {
            var stream = try RandomStream(seed: seed)
            let original = EvidenceContent(try stream.reservoir(of: stream.contexts).view())
            var generator = SplitMix(seed: seed)
            let extra = stream.contexts.flatMap { Array(repeating: $0, count: generator.below(3)) }
            let repeated = (Self.shuffled(&stream) + extra).shuffled(using: &generator)
            let content = EvidenceContent(try stream.reservoir(of: repeated, batchSeed: seed).view())
            #expect(content.withoutCounts == original.withoutCounts, "seed \(seed)")
            if !extra.isEmpty { #expect(content.totals != original.totals) }
        }
    }

    @Test func partsOfTheStreamMergeToTheWhole() throws {
        for seed in 0..<300 {
            var stream = try RandomStream(seed: seed)
            let original = EvidenceContent(try stream.reservoir(of: stream.contexts).view())
            var generator = SplitMix(seed: seed)
            var parts: [[CodedContext]] = Array(repeating: [], count: 1 + generator.below(4))
            for context in Self.shuffled(&stream) { parts[generator.below(parts.count)].append(context) }
            let reservoirs = try parts.map { try stream.reservoir(of: $0, batchSeed: seed) }
            // Merged one by one, and as a tree in another order.
            var chain = stream.empty
            for reservoir in reservoirs { try chain.merge(reservoir) }
            #expect(EvidenceContent(chain.view()) == original, "seed \(seed)")
            var rest = reservoirs.reversed().map { $0 }
            while rest.count > 1 {
                var merged = rest.removeFirst()
                try merged.merge(rest.removeFirst())
                rest.append(merged)
            }
            #expect(EvidenceContent(rest[0].view()) == original, "seed \(seed)")
        }
    }

    @Test func mergingAPartTwiceLeavesSamplesAsTheyAre() throws {
        for seed in 0..<100 {
            let stream = try RandomStream(seed: seed)
            var reservoir = try stream.reservoir(of: stream.contexts)
            let original = EvidenceContent(reservoir.view())
            let copy = reservoir
            try reservoir.merge(copy)
            #expect(EvidenceContent(reservoir.view()).withoutCounts == original.withoutCounts, "seed \(seed)")
        }
    }

    @Test func reservoirsOfOtherSettingsOrCodersAreRefused() throws {
        let stream = try RandomStream(seed: 5)
        var reservoir = try stream.reservoir(of: stream.contexts)
        let before = EvidenceContent(reservoir.view())
        let settings = try ReservoirSettings(seed: 99)
        let coder = CoderIdentity(name: "other", hookpoint: "layers.1", latents: 3, digest: Hash128(high: 0, low: 0))
        #expect(throws: EvidenceError.foreignReservoir) {
            try reservoir.merge(Reservoir(settings: settings, coder: stream.coder))
        }
        #expect(throws: EvidenceError.foreignReservoir) {
            try reservoir.merge(Reservoir(settings: stream.settings, coder: coder))
        }
        #expect(EvidenceContent(reservoir.view()) == before)
    }

    @Test func aViewStaysAsItIsWhileTheReservoirGoesOn() throws {
        for seed in 0..<100 {
            let stream = try RandomStream(seed: seed, contexts: 40)
            let half = stream.contexts.count / 2
            var reservoir = try stream.reservoir(of: Array(stream.contexts.prefix(half)))
            let view = reservoir.view()
            let before = EvidenceContent(view)
            for context in stream.contexts.dropFirst(half) { try reservoir.absorb(CodeBatch([context])) }
            _ = reservoir.segment(epoch: 1)
            #expect(EvidenceContent(view) == before, "seed \(seed)")
            #expect(EvidenceContent(try stream.reservoir(of: Array(stream.contexts.prefix(half))).view()) == before)
        }
    }

    @Test func theDigestTellsContentsApart() throws {
        var digests: Set<Hash128> = []
        var contents: Set<EvidenceContent> = []
        for seed in 0..<50 {
            let stream = try RandomStream(seed: seed)
            var reservoir = stream.empty
            for context in stream.contexts {
                try reservoir.absorb(CodeBatch([context]))
                let content = EvidenceContent(reservoir.view()).digested
                digests.insert(content.digest)
                contents.insert(content)
                // A digest brought up to date by a segment is the one computed afresh.
                var copy = reservoir
                _ = copy.segment(epoch: 1)
                #expect(copy.digest == reservoir.digest)
            }
        }
        #expect(digests.count == contents.count)
        #expect(digests.count > 100)
    }

    @Test func aLatentThatDoesNotExistHasNothing() throws {
        let stream = try RandomStream(seed: 1)
        let view = try stream.reservoir(of: stream.contexts).view()
        for latent in [-1, stream.coder.latents, .max, .min] {
            let evidence = view.evidence(of: latent)
            #expect(evidence.train.isEmpty && evidence.top.isEmpty && evidence.test.isEmpty && evidence.recent.isEmpty)
            #expect(evidence.statistics == EvidenceContent.noCounts)
        }
    }

    @Test func anEmptyReservoirSaysSo() throws {
        let stream = try RandomStream(seed: 3)
        var reservoir = stream.empty
        #expect(reservoir.isEmpty)
        #expect(reservoir.segment(epoch: 1) == nil)
        try reservoir.absorb(CodeBatch([]))
        #expect(reservoir.isEmpty)
        try reservoir.absorb(CodeBatch(stream.contexts))
        #expect(!reservoir.isEmpty)
    }

    @Test func farAwayTimesAreDaysLikeOthers() throws {
        let stream = try RandomStream(seed: 8)
        var reservoir = stream.empty
        for time in [Int64.min, -1, 0, Int64.max, 86_400_000] {
            try reservoir.absorb(CodeBatch([Self.context(tokens: [1, 2, 3, 4, 5, 6], time: time)]))
        }
        #expect(reservoir.latestDay == Int64.max / 86_400_000)
        #expect(Reservoir.day(ofMilliseconds: -1) == -1)
        #expect(Reservoir.day(ofMilliseconds: -86_400_000) == -1)
        #expect(Reservoir.day(ofMilliseconds: -86_400_001) == -2)
        #expect(Reservoir.day(ofMilliseconds: 86_399_999) == 0)
        let segmentBlob = reservoir.segment(epoch: 1)
        let segment = try #require(segmentBlob)
        var restored = stream.empty
        try restored.merge(segment: segment)
        #expect(EvidenceContent(restored.view()) == EvidenceContent(reservoir.view()))
    }

    static func context(tokens: [UInt32], time: Int64) -> CodedContext {
        CodedContext(
            context: Context(tokens: tokens, document: Hash128(high: 1, low: 2), timestamp: time, source: nil),
            rows: tokens.map { _ in [(0, 1)] })
    }

    private static func shuffled(_ stream: inout RandomStream) -> [CodedContext] {
        var generator = stream.generator
        return stream.contexts.shuffled(using: &generator)
    }
}
