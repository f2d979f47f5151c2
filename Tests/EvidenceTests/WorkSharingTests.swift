import Dispatch
import Elements
import Evidence
import Hashing
import TestSupport
import Testing

@Suite struct WorkSharingTests {
    @Test(arguments: [2, 3, 5]) func severalThreadsGiveTheBytesOfOne(members: Int) throws {
        let sharing = WorkSharing(members: members) { count, piece in
            let shared = Piece(work: piece)
            DispatchQueue.concurrentPerform(iterations: members) { member in
                for number in stride(from: member, to: count, by: members) { shared.work(number, member) }
            }
        }
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

    /// Sound: the reservoir gives pieces that may run at the same time.
    private struct Piece: @unchecked Sendable {
        let work: (Int, Int) -> Void
    }

    private static func batch(latents: Int, _ generator: inout SplitMix) -> CodeBatch {
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
}
