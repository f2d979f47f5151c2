import Dataflow
import Elements
import Evidence
import Hashing
import Testing

@testable import Stages

@Suite struct SpareCoresTests {
    private struct Mishap: Error {}

    @Test(arguments: [(1, 4, 1), (2, 0, 1), (2, 4, 2), (4, 1, 2), (4, 3, 4)])
    func asManyHelpAsHavePermits(cores: Int, free: Int, members: Int) throws {
        let permits = CorePermits(count: max(free, 1))
        if free == 0 { #expect(permits.tryAcquire()) }
        let spare = SpareCores(name: "test", cores: cores, permits: permits)
        #expect(spare.help { $0.members } == members)
        // All permits are back, also after an error.
        #expect(throws: Mishap.self) { try spare.help { _ in throw Mishap() } }
        var back = 0
        while permits.tryAcquire() { back += 1 }
        #expect(back == free)
        for _ in 0..<max(back, 1) { permits.release() }
    }

    @Test func helpersChangeNothingInTheEvidence() throws {
        let coder = CoderIdentity(
            name: "codes", hookpoint: "layers.0", latents: 2000, digest: Hash128(high: 1, low: 2))
        let settings = try ReservoirSettings(window: 8, sample: 16, top: 4, pool: 64, recent: 8, seed: 7)
        let spare = SpareCores(name: "test", cores: 3, permits: CorePermits(count: 3))
        var alone = Reservoir(settings: settings, coder: coder)
        var helped = alone
        for number in 0..<12 {
            let batch = Self.batch(number, latents: Int32(coder.latents))
            try alone.absorb(batch)
            try spare.help { try helped.absorb(batch, sharing: $0) }
        }
        #expect(alone.wholeSegment(epoch: 1) == helped.wholeSegment(epoch: 1))
    }

    private static func batch(_ number: Int, latents: Int32) -> CodeBatch {
        let rows = 512
        let contexts = (0..<4).map { context in
            Context(
                tokens: (0..<rows / 4).map { UInt32($0 * 7 + number * 131 + context) % 5000 },
                document: Hash128(high: 0, low: UInt64(number * 4 + context)), timestamp: 0, source: nil)
        }
        let firing = (0..<rows).map { row in
            (0..<16).map { Int32(truncatingIfNeeded: (row * 37 + number * 11) % 125 + $0 * 125) % latents }.sorted()
        }
        return CodeBatch(
            contexts: contexts, rowStarts: (0...rows).map { $0 * 16 }, latents: firing.flatMap { $0 },
            activations: firing.enumerated().flatMap { row, own in own.map { 1 + Float($0 + Int32(row)) } })
    }
}
