import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct MemoryTests {
    @Test func memoryIsFlatOnceSamplesAreFullAndUnderItsBound() throws {
        let latents = 48
        let settings = try ReservoirSettings(window: 8, sample: 32, top: 6, pool: 200, recent: 8, seed: 5)
        let coder = CoderIdentity(name: "c", hookpoint: "h", latents: latents, digest: Hash128(high: 0, low: 1))
        let bound = Reservoir.memoryBound(settings: settings, latents: latents, contextLength: 64)
        var reservoir = Reservoir(settings: settings, coder: coder)
        var generator = SplitMix(seed: 2)
        var sizes: [Int] = []
        for step in 0..<240 {
            try reservoir.absorb(Self.batch(latents: latents, day: Int64(step / 40), generator: &generator))
            #expect(reservoir.residentBytes <= bound)
            if step % 20 == 19 {
                // Between two segments the logs of pages come and go.
                _ = reservoir.segment(epoch: UInt64(step))
                sizes.append(reservoir.residentBytes)
            }
        }
        let view = reservoir.view()
        #expect(view.pool.count == settings.pool)
        for latent in 0..<latents {
            let evidence = view.evidence(of: latent)
            #expect(evidence.train.count == 16 && evidence.test.count == 16 && evidence.top.count == 6)
        }
        // From a third of the stream on nothing grows but by the slack of arrays.
        #expect(Double(sizes[11]) < 1.05 * Double(sizes[3]))
        #expect(reservoir.windows.count <= latents * settings.entriesPerLatent + settings.pool)
    }

    @Test func theBoundHoldsWhereEveryLatentFiresEverywhere() throws {
        let latents = 40
        let settings = try ReservoirSettings(window: 4, sample: 12, top: 4, pool: 30, recent: 5, seed: 5)
        let coder = CoderIdentity(name: "c", hookpoint: "h", latents: latents, digest: Hash128(high: 0, low: 1))
        let bound = Reservoir.memoryBound(settings: settings, latents: latents, contextLength: 32)
        var reservoir = Reservoir(settings: settings, coder: coder)
        var generator = SplitMix(seed: 8)
        for step in 0..<200 {
            let tokens = (0..<32).map { _ in UInt32.max - UInt32(generator.below(1000)) }
            let rows = tokens.map { _ in
                (0..<Int32(latents)).map { ($0, Float(1 + generator.below(100)) / 7) }
            }
            try reservoir.absorb(
                CodeBatch([
                    CodedContext(
                        context: Context(
                            tokens: tokens, document: Hash128(high: 0, low: generator.next()),
                            timestamp: Int64(step / 20) * 86_400_000, source: nil), rows: rows)
                ]))
            #expect(reservoir.residentBytes <= bound)
        }
    }

    @Test func boundsGrowWithWhatIsAskedForAndNeverOverflow() throws {
        let small = try ReservoirSettings(seed: 1)
        let large = try ReservoirSettings(
            window: 256, sample: 65_536, top: 4096, pool: 1_048_576, recent: 4096, seed: 1)
        let bound = Reservoir.memoryBound(settings: small, latents: 4096, contextLength: 256)
        let usual = MemoryExpectation(settings: small, latents: 4096, active: 32, tokens: 10_000_000)
            .bytes(at: small.sample)
        #expect(Double(bound) > usual)
        #expect(bound > Reservoir.memoryBound(settings: small, latents: 4096, contextLength: 16))
        #expect(bound < Reservoir.memoryBound(settings: small, latents: 8192, contextLength: 256))
        #expect(Reservoir.memoryBound(settings: large, latents: .max, contextLength: .max) > bound)
        #expect(Reservoir.memoryBound(settings: small, latents: -3, contextLength: -1) > 0)
        // 4096 latents at the defaults: some 20 KB a latent as it is usual, half a gigabyte at the worst.
        #expect(usual < 128 * 0x1p20)
        #expect(bound < 1 << 30)
    }

    @Test func windowsAreStoredOnceAndForgottenWithTheirLastHolder() {
        var table = WindowTable()
        var generator = SplitMix(seed: 6)
        let hashing = WindowHashing(seed: 3)
        var held: [UInt32: (tokens: [UInt32], references: Int)] = [:]
        for _ in 0..<30_000 {
            if generator.below(2) == 0 || held.isEmpty {
                let tokens = [UInt32(generator.below(40)), UInt32(generator.below(50)), .max]
                let identity = hashing.identity(of: tokens[...])
                let slot = table.intern(tokens[...], identity: identity, priority: hashing.priority(of: identity))
                if let known = held[slot] { #expect(known.tokens == tokens) }
                held[slot] = (tokens, (held[slot]?.references ?? 0) + 1)
            } else if let slot = held.keys.sorted().randomElement(using: &generator), let known = held[slot] {
                table.release(slot)
                held[slot] = known.references == 1 ? nil : (known.tokens, known.references - 1)
            }
        }
        #expect(Set(held.values.map(\.tokens)).count == held.count)
        #expect(table.count == held.count)
        for (slot, known) in held {
            #expect(table.storage.tokens(of: slot) == known.tokens)
            #expect(table.storage.identity(of: slot) == hashing.identity(of: known.tokens[...]))
        }
    }

    private static func batch(latents: Int, day: Int64, generator: inout SplitMix) -> CodeBatch {
        CodeBatch(
            (0..<4).map { _ in
                let tokens = (0..<64).map { _ in UInt32(generator.below(49_152)) }
                let rows = tokens.map { _ in
                    (0..<Int32(latents)).compactMap { latent -> (latent: Int32, activation: Float)? in
                        generator.below(8) == 0 ? (latent, Float(generator.below(10_000) + 1) / 1000) : nil
                    }
                }
                return CodedContext(
                    context: Context(
                        tokens: tokens, document: Hash128(high: 0, low: generator.next()),
                        timestamp: day * 86_400_000, source: nil), rows: rows)
            })
    }
}
