import Elements
import Foundation
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct MemoryExpectationTests {
    /// A stream of text as the expectation takes it to be: log-normal rates, and latents that stay for two tokens.
    private func reservoir(
        _ settings: ReservoirSettings, latents: Int, active: Int, tokens: Int, contextLength: Int = 128
    ) throws -> Reservoir {
        var generator = SplitMix(seed: 11)
        func uniform() -> Double { (Double(generator.next() >> 11) + 0.5) * 0x1p-53 }
        var cumulative: [Double] = []
        for _ in 0..<latents {
            let normal = (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
            cumulative.append((cumulative.last ?? 0) + exp(1.5 * normal))
        }
        func draw() -> Int32 {
            let aim = uniform() * (cumulative.last ?? 0)
            var (low, high) = (0, latents - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] < aim { low = middle + 1 } else { high = middle }
            }
            return Int32(low)
        }
        var reservoir = Reservoir(
            settings: settings,
            coder: CoderIdentity(name: "c", hookpoint: "h", latents: latents, digest: Hash128(high: 0, low: 1)))
        for document in 0..<tokens / contextLength {
            var before: [Int32] = []
            let rows = (0..<contextLength).map { place in
                if place % 2 == 0 { before = Array(Set((0..<active).map { _ in draw() })).sorted() }
                return before.map { ($0, Float(1) + Float(generator.below(100)) / 7) }
            }
            let context = Context(
                tokens: (0..<contextLength).map { _ in UInt32(generator.below(40_000)) },
                document: Hash128(high: generator.next(), low: UInt64(document)), timestamp: 0, source: nil)
            try reservoir.absorb(CodeBatch([CodedContext(context: context, rows: rows)]))
        }
        return reservoir
    }

    @Test(arguments: [(256, 12, 40_000), (2048, 12, 40_000), (8192, 6, 20_000)])
    func whatIsExpectedOfUsualTextIsWithinAFactorOfTwo(latents: Int, active: Int, tokens: Int) throws {
        let settings = try ReservoirSettings(window: 32, sample: 64, top: 8, pool: 512, recent: 8, seed: 3)
        let expectation = MemoryExpectation(
            settings: settings, latents: latents, active: Double(active), tokens: tokens)
        var reservoir = try reservoir(settings, latents: latents, active: active, tokens: tokens)
        for sample in [64, 32] {
            reservoir.lower(sampleTo: sample)
            let priced = reservoir.sampleBytes(at: sample)
            #expect(
                (0.5...2).contains(expectation.sampleBytes(at: sample) / Double(priced)),
                "\(expectation.sampleBytes(at: sample)) for \(priced)")
        }
        reservoir = try self.reservoir(settings, latents: latents, active: active, tokens: tokens)
        let held = Double(reservoir.residentBytes)
        #expect((0.5...2).contains(expectation.bytes(at: 64) / held), "\(expectation.bytes(at: 64)) for \(held)")
    }

    @Test func moreOfAnythingIsExpectedToTakeMore() throws {
        func bytes(
            sample: Int = 256, latents: Int = 4096, active: Double = 32, tokens: Int = 1_000_000
        ) throws -> Double {
            MemoryExpectation(
                settings: try ReservoirSettings(seed: 1), latents: latents, active: active, tokens: tokens
            ).bytes(at: sample)
        }
        let usual = try bytes()
        #expect(try usual > bytes(sample: 128) && usual > bytes(latents: 2048))
        #expect(try usual > bytes(active: 16) && usual > bytes(tokens: 500_000))
        #expect(try bytes(latents: 0) >= 0 && bytes(active: 0) > 0 && bytes(tokens: 0) > 0)
    }

    /// The bound is a worst case, so it lies above what is expected, at any number of tokens.
    @Test(arguments: [10_000, 10_000_000, Int.max]) func theBoundIsNotBelowIt(tokens: Int) throws {
        for latents in [16, 4096, 131_072, 1_048_576] {
            let settings = try ReservoirSettings(seed: 1)
            let expectation = MemoryExpectation(settings: settings, latents: latents, active: 32, tokens: tokens)
            let bound = Reservoir.memoryBound(settings: settings, latents: latents, contextLength: 256)
            #expect(expectation.bytes(at: settings.sample) < Double(bound))
        }
    }
}
