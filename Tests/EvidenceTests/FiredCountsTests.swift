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
        let settings = try ReservoirSettings(window: 16, sample: 32, top: 4, pool: 8, seed: 7)
        var page = LatentPage(latents: 2, settings: settings)
        var large = LatentCounts()
        (large.tokensFired, large.windowsFired) = (1 << 40, 1 << 39)
        page.set(large, of: 1)
        page.counters[1].addWindow(tokens: 3, source: nil)
        #expect(page.fired(by: 0).tokens == 0 && page.fired(by: 0).windows == 0)
        #expect(page.fired(by: 1).tokens == 1 << 40)
        #expect(page.fired(by: 1).windows == (1 << 39) + 1)
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
