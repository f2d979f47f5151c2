import Elements
import Foundation
import StateFixtures
import Testing

@testable import StateNotes

@Suite struct ActivityBreakdownTests {
    /// Counts of 60 latents in three sources and twelve bins, by a rule that leaves some silent.
    private func view() -> BrokenDownView {
        let firing = (0..<60).map { latent -> (positions: [UInt64], sources: [UInt64]) in
            let positions = (0..<PositionBins.count).map { bin in
                UInt64(latent % 7 == 0 && bin < 4 ? 0 : (latent * latent * (bin + 1)) % 97)
            }
            let all = positions.reduce(0, +)
            let first = all * UInt64(latent % 5) / 4
            return (positions, [first, (all - first) / 3, all - first - (all - first) / 3])
        }
        return BrokenDownView(
            positions: (0..<PositionBins.count).map { 1000 << UInt64($0) },
            sources: [
                SourceTotals(name: "books", tokens: 2_000_000, contexts: 9),
                SourceTotals(name: "code", tokens: 90_000, contexts: 5),
                SourceTotals(name: "web", tokens: 2_005_000, contexts: 7),
            ], firing: firing)
    }

    @Test func eachLengthCountsWhatItsPositionsAloneShow() throws {
        let view = view()
        let breakdown = try #require(ActivityBreakdown(of: view))
        #expect(breakdown.tokens == 1000 * 4095 && breakdown.lengths.count == 12)
        for (bin, length) in breakdown.lengths.enumerated() {
            let fired = view.firing.map { $0.byPosition[0...bin].reduce(0, +) }
            #expect(length.never == fired.filter { $0 == 0 }.count)
            #expect(length.atMost200 == fired.filter { $0 <= 200 }.count)
            #expect(length.tokens == (0...bin).reduce(0) { $0 + (1000 << UInt64($1)) })
            #expect(length.length == (bin == 11 ? nil : 16 << bin))
        }
        #expect(breakdown.lengths.map(\.never) == [9, 9, 9, 9] + [Int](repeating: 1, count: 8))
    }

    @Test func eachSourceCountsWhatItAloneShows() throws {
        let view = view()
        let breakdown = try #require(ActivityBreakdown(of: view))
        #expect(breakdown.sources.map(\.name) == ["books", "code", "web"])
        #expect(breakdown.sources.map(\.contexts) == [9, 5, 7])
        for (place, source) in breakdown.sources.enumerated() {
            #expect(source.never == view.firing.filter { $0.bySource[place] == 0 }.count)
            #expect(source.atMost200 == view.firing.filter { $0.bySource[place] <= 200 }.count)
        }
    }

    @Test func theTwentyThatDifferMostAreThoseOfTheLargestTestStatistic() throws {
        let view = view()
        let breakdown = try #require(ActivityBreakdown(of: view))
        // The G-test by sums of n ln n over cells, rows, columns and all, which is the same number in another form.
        func term(_ count: Double) -> Double { count > 0 ? count * log(count) : 0 }
        let sources = view.breakdown.sources.map { Double($0.tokens) }
        let all = sources.reduce(0, +)
        let statistics = view.firing.map { firing -> Double in
            let fired = firing.bySource.map { Double($0) }
            let yes = fired.reduce(0, +)
            guard yes > 0 else { return 0 }
            let cells = zip(fired, sources).reduce(0) { $0 + term($1.0) + term($1.1 - $1.0) }
            return 2 * (cells - term(yes) - term(all - yes) - sources.reduce(0) { $0 + term($1) } + term(all))
        }
        let order = statistics.indices.sorted { (-statistics[$0], $0) < (-statistics[$1], $1) }
        #expect(breakdown.differing.map(\.latent) == Array(order.prefix(20)))
        for differing in breakdown.differing {
            #expect(abs(differing.statistic - statistics[differing.latent]) < 1e-6 * statistics[differing.latent])
            let fired = view.firing[differing.latent].bySource
            #expect(differing.rates == zip(fired, sources).map { Double($0) / $1 })
        }
    }

    @Test func ofEqualStatisticsTheLowerLatentComesFirst() throws {
        let view = BrokenDownView(
            positions: [2000],
            sources: [
                SourceTotals(name: "a", tokens: 1000, contexts: 1), SourceTotals(name: "b", tokens: 1000, contexts: 1),
            ], firing: [([6], [3, 3]), ([4], [4, 0]), ([9], [9, 0]), ([4], [4, 0])])
        let breakdown = try #require(ActivityBreakdown(of: view))
        // A latent that fires equally often in both is not among those that differ.
        #expect(breakdown.differing.map(\.latent) == [2, 1, 3])
    }

    @Test func aLongListOfLatentsIsCutToTheMostDifferentOnTheWay() throws {
        let sources = ["a", "b"].map { SourceTotals(name: $0, tokens: 10_000, contexts: 1) }
        let firing = (0..<2500).map { latent -> (positions: [UInt64], sources: [UInt64]) in
            let fired = UInt64(latent * 7919 % 2500) + 1
            return ([fired], [fired, 0])
        }
        let breakdown = try #require(
            ActivityBreakdown(of: BrokenDownView(positions: [20_000], sources: sources, firing: firing)))
        let most = firing.indices.sorted { firing[$0].positions[0] > firing[$1].positions[0] }.prefix(20)
        #expect(breakdown.differing.map(\.latent) == Array(most))
    }

    @Test func aSingleSourceOrASourceWithoutTokensNamesNobody() throws {
        func differing(_ tokens: [UInt64]) throws -> [ActivityBreakdown.Differing] {
            let sources = tokens.map { SourceTotals(name: "s\($0)", tokens: $0, contexts: 1) }
            let view = BrokenDownView(
                positions: [1000], sources: sources, firing: [([5], [5] + tokens.dropFirst().map { _ in 0 })])
            return try #require(ActivityBreakdown(of: view)).differing
        }
        #expect(try differing([1000]).isEmpty)
        #expect(try differing([1000, 0]).isEmpty)
        #expect(try differing([1000, 500]).map(\.rates) == [[0.005, 0]])
    }

    @Test func binsAfterTheLastTokenAreLeftOut() throws {
        let view = BrokenDownView(positions: [5, 0, 7, 0, 0], firing: [([1, 0, 2, 0, 0], [])])
        #expect(try #require(ActivityBreakdown(of: view)).lengths.map(\.length) == [16, 32, 64])
    }

    @Test func whatDoesNotCountByPositionHasNoBreakdown() {
        #expect(ActivityBreakdown(of: BrokenDownView(firing: [([], [])])) == nil)
    }
}
