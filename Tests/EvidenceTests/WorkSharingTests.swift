import Dispatch
import Elements
import Evidence
import Hashing
import TestSupport
import Testing

@Suite struct WorkSharingTests {
    @Test(arguments: [2, 3, 5]) func severalThreadsGiveTheBytesOfOne(members: Int) throws {
        let sharing = Self.sharing(members: members)
        for seed in 0..<6 {
            var generator = SplitMix(seed: seed)
            let coder = CoderIdentity(
                name: "c", hookpoint: "h", latents: 1 + generator.below(1500), digest: Hash128(high: 0, low: 1))
            let settings = try ReservoirSettings(
                window: 2 + generator.below(20), sample: 2 + generator.below(20), top: generator.below(5),
                pool: generator.below(60), recent: generator.below(6), seed: generator.next())
            var alone = Reservoir(settings: settings, coder: coder)
            var shared = alone
            for _ in 0..<4 {
                let batch = Self.batch(latents: coder.latents, &generator)
                try alone.absorb(batch)
                try shared.absorb(batch, sharing: sharing)
                #expect(shared.segment(epoch: 1) == alone.segment(epoch: 1), "seed \(seed)")
            }
            #expect(shared.wholeSegment(epoch: 2) == alone.wholeSegment(epoch: 2), "seed \(seed)")
        }
    }

    @Test(arguments: [2, 3]) func whatIsWrittenAndReadBySeveralThreadsIsThatOfOne(members: Int) throws {
        let sharing = Self.sharing(members: members)
        var generator = SplitMix(seed: members)
        // So many that they are written in several slices, and on more pages than are changed together.
        let coder = CoderIdentity(
            name: "c", hookpoint: "h", latents: 80_000, digest: Hash128(high: 0, low: 1))
        let settings = try ReservoirSettings(window: 8, sample: 12, top: 3, pool: 20, recent: 4, seed: 5)
        var alone = Reservoir(settings: settings, coder: coder)
        var shared = alone
        var (restored, twin) = (alone, alone)
        for epoch in UInt64(1)...4 {
            for _ in 0..<2 {
                let batch = Self.batch(latents: coder.latents, firing: 600, &generator)
                try alone.absorb(batch)
                try shared.absorb(batch)
            }
            if epoch == 3 {
                alone.lower(sampleTo: 6)
                shared.lower(sampleTo: 6, sharing: sharing)
            }
            var (ofOne, ofSeveral): ([UInt8], [UInt8]) = ([], [])
            try alone.writeSegment(epoch: epoch) { ofOne += $0 }
            try shared.writeSegment(epoch: epoch, sharing: sharing) { ofSeveral += $0 }
            #expect(ofOne == ofSeveral && ofOne.count > 100_000)
            try twin.merge(segment: ofOne)
            try restored.merge(segment: ofSeveral, sharing: sharing)
            shared.takeDigests(sharing: sharing)
            restored.takeDigests(sharing: sharing)
            #expect(shared.digest == alone.digest && restored.digest == alone.digest && twin.digest == alone.digest)
        }
        #expect(EvidenceContent(restored.view()) == EvidenceContent(alone.view()))
        var whole: [UInt8] = []
        try shared.writeSegment(epoch: 9, isWhole: true, sharing: sharing) { whole += $0 }
        let expected = Double(shared.wholeSegmentBytes)
        #expect(Double(whole.count) < 1.5 * expected && expected < 1.5 * Double(whole.count), "\(whole.count) bytes")
        var again = Reservoir(settings: settings, coder: coder)
        try again.merge(segment: whole, sharing: sharing)
        #expect(EvidenceContent(again.view()) == EvidenceContent(alone.view()))
    }

    static func sharing(members: Int) -> WorkSharing {
        WorkSharing(members: members) { count, piece in
            let shared = Piece(work: piece)
            DispatchQueue.concurrentPerform(iterations: members) { member in
                for number in stride(from: member, to: count, by: members) { shared.work(number, member) }
            }
        }
    }

    /// Sound: the reservoir gives pieces that may run at the same time.
    private struct Piece: @unchecked Sendable {
        let work: (Int, Int) -> Void
    }

    static func batch(latents: Int, _ generator: inout SplitMix) -> CodeBatch {
        CodeBatch(
            (0..<10).map { _ in
                let tokens = (0..<40).map { _ in UInt32(generator.below(5)) }
                let rows = tokens.map { _ in
                    (0..<Int32(latents)).compactMap { latent -> (latent: Int32, activation: Float)? in
                        generator.below(latents / 24 + 1) == 0 ? (latent, Float(1 + generator.below(50)) / 8) : nil
                    }
                }
                return CodedContext(
                    context: Context(
                        tokens: tokens, document: Hash128(high: 0, low: generator.next()),
                        timestamp: Int64(generator.below(3)) * 86_400_000,
                        source: ["a", "b", "c"][generator.below(3)]), rows: rows)
            })
    }

    /// A batch in which some latents, drawn for each token, fire.
    static func batch(latents: Int, firing: Int, _ generator: inout SplitMix) -> CodeBatch {
        CodeBatch(
            (0..<10).map { _ in
                let tokens = (0..<40).map { _ in UInt32(generator.below(2000)) }
                let rows = tokens.map { _ in
                    Set((0..<firing).map { _ in Int32(generator.below(latents)) }).sorted()
                        .map { (latent: $0, activation: Float(1 + generator.below(50)) / 8) }
                }
                return CodedContext(
                    context: Context(
                        tokens: tokens, document: Hash128(high: 0, low: generator.next()),
                        timestamp: Int64(generator.below(3)) * 86_400_000, source: "a"), rows: rows)
            })
    }
}
