import Elements
import Hashing
import Testing

@testable import Evidence

/// The looks at all latents, against the same asked latent by latent.
@Suite struct EveryLatentTests {
    private struct Row: Equatable {
        let latent: Int
        let statistics: LatentStatistics
        let breakdown: FiringBreakdown
        let firing: LatentFiring
    }

    private func rows(inOnePass view: any EvidenceView) -> [Row] {
        var counts: [(latent: Int, statistics: LatentStatistics, breakdown: FiringBreakdown)] = []
        var firing: [(latent: Int, firing: LatentFiring)] = []
        view.forEachLatent { counts.append(($0, $1, $2)) }
        view.forEachFiring { firing.append(($0, $1)) }
        #expect(counts.map(\.latent) == firing.map(\.latent))
        // What was kept of an earlier latent is not that of a later one.
        return zip(counts, firing).map {
            Row(latent: $0.latent, statistics: $0.statistics, breakdown: $0.breakdown, firing: $1.firing)
        }
    }

    private func rows(oneByOne view: any EvidenceView) -> [Row] {
        (0..<view.coder.latents).map { latent in
            let statistics = view.statistics(of: latent)
            return Row(
                latent: latent, statistics: statistics, breakdown: view.breakdown(of: latent),
                firing: LatentFiring(tokens: statistics.tokensFired, maximum: statistics.maximum))
        }
    }

    @Test func onePassGivesWhatLatentsGiveOneByOne() throws {
        var fired: UInt64 = 0
        for seed in 0..<40 {
            let stream = try RandomStream(seed: seed)
            let view = try stream.reservoir(of: stream.contexts).view()
            let rows = rows(inOnePass: view)
            #expect(rows == self.rows(oneByOne: view))
            fired += rows.reduce(0) { $0 + $1.breakdown.bySource.reduce(0, +) }
        }
        #expect(fired > 100)
    }

    @Test func latentsOfSeveralPagesComeInTheirOrder() throws {
        let settings = try ReservoirSettings(window: 16, sample: 32, top: 4, pool: 8, seed: 7)
        let coder = CoderIdentity(
            name: "codes", hookpoint: "layers.1", latents: 600, digest: Hash128(high: 3, low: 4))
        var snapshot = try #require(Reservoir(settings: settings, coder: coder).view() as? EvidenceSnapshot)
        var pages = snapshot.pages
        for latent in [0, 255, 256, 511, 599] {
            var counts = LatentCounts()
            (counts.tokensFired, counts.windowsFired) = (UInt64(latent + 1), 1)
            (counts.maximum, counts.histogram[3], counts.positions[2]) = (Float(latent), 7, 5)
            // Of one page some are small and some too large for its counters, also after more was counted.
            if latent % 2 == 1 { counts.tokensFired = 1 << 40 }
            let (page, place) = (latent / LatentPage.latents, latent % LatentPage.latents)
            pages[page].counters.set(counts, of: place)
            pages[page].counters.small[place].addWindow(tokens: 3, source: nil)
        }
        snapshot = EvidenceSnapshot(
            coder: coder, totals: snapshot.totals, digest: snapshot.digest, pages: pages, windows: snapshot.windows,
            poolEntries: [], positions: snapshot.positions, sources: snapshot.sources)
        let rows = rows(inOnePass: snapshot)
        #expect(rows == self.rows(oneByOne: snapshot) && rows.count == 600)
        #expect(rows.filter { $0.firing.tokens > 0 }.map(\.latent) == [0, 255, 256, 511, 599])
        #expect(rows[511].firing == LatentFiring(tokens: 1 << 40, maximum: 511))
    }

    @Test func aViewThatHasNoPassOfItsOwnIsAskedOneByOne() throws {
        let stream = try RandomStream(seed: 3)
        let plain = PlainView(base: try stream.reservoir(of: stream.contexts).view())
        #expect(rows(inOnePass: plain) == rows(oneByOne: plain.base))
    }

    /// A view by its latents alone.
    private struct PlainView: EvidenceView {
        let base: any EvidenceView
        var coder: CoderIdentity { base.coder }
        var totals: StreamTotals { base.totals }
        var digest: Hash128 { base.digest }
        var pool: [PoolWindow] { base.pool }
        var breakdown: StreamBreakdown { base.breakdown }
        func statistics(of latent: Int) -> LatentStatistics { base.statistics(of: latent) }
        func evidence(of latent: Int) -> LatentEvidence { base.evidence(of: latent) }
        func breakdown(of latent: Int) -> FiringBreakdown { base.breakdown(of: latent) }
    }
}
