import Elements
import Testing

@testable import Evidence

/// How often latents fired, asked without all else that is counted of them.
@Suite struct FiredCountsTests {
    @Test func howOftenALatentFiredIsWhatItsStatisticsSay() throws {
        var fired: UInt64 = 0
        for seed in 0..<20 {
            let stream = try RandomStream(seed: seed)
            let view = try stream.reservoir(of: stream.contexts).view()
            for latent in -1...view.coder.latents {
                #expect(view.tokensFired(of: latent) == view.statistics(of: latent).tokensFired)
                #expect(view.windowsFired(of: latent) == view.statistics(of: latent).windowsFired)
                fired += view.tokensFired(of: latent)
            }
        }
        #expect(fired > 100)
    }

    @Test func countsThatHaveMovedToWhereNumbersMayBeLargeAreAmongThem() throws {
        var counters = PageCounters(latents: 2)
        var large = LatentCounts()
        (large.tokensFired, large.windowsFired) = (1 << 40, 1 << 39)
        counters.set(large, of: 1)
        counters.small[1].addWindow(tokens: 3, source: nil)
        #expect(counters.fired(by: 0).tokens == 0 && counters.fired(by: 0).windows == 0)
        #expect(counters.fired(by: 1).tokens == 1 << 40)
        #expect(counters.fired(by: 1).windows == (1 << 39) + 1)
    }

    private static let sums: [UInt128] = [
        0, 1, (1 << 53) + 1, UInt128(UInt64.max), UInt128(UInt64.max) + 1, (1 << 100) + 12_345,
    ]

    @Test(arguments: sums)
    func sumsAreTheNearestNumbers(units: UInt128) {
        var counts = LatentCounts()
        (counts.sum, counts.squares) = (units, units)
        #expect(counts.statistics.sum == Double(units) / 65_536)
        #expect(counts.statistics.sumOfSquares == Double(units) / 4_294_967_296)
    }
}
