import Elements
import Evidence
import StateFixtures
import TestSupport
import Testing

@testable import LatentSheets

@Suite struct SheetFiguresTests {
    @Test func promotedTokensAreThoseOfAWholeSort() throws {
        var numbers = SplitMix(seed: 5)
        let changes = (0..<400).map { _ in Float(numbers.next() % 2001) / 1000 - 1 }
        let shown = try #require(SheetPromotion(changes: changes, tokenDecoder: Letters()))
        let mean = changes.reduce(0) { $0 + Double($1) } / 400
        let order = changes.indices.sorted { (changes[$1], $0) < (changes[$0], $1) }
        #expect(shown.raised.map(\.id) == order.prefix(10).map { UInt32($0) })
        let reverse = changes.indices.sorted { (changes[$0], $0) < (changes[$1], $1) }
        #expect(shown.lowered.map(\.id) == reverse.prefix(10).map { UInt32($0) })
        for token in shown.raised + shown.lowered {
            #expect(abs(token.change - (Double(changes[Int(token.id)]) - mean)) < 1e-9)
        }
        #expect(shown.histogram.reduce(0) { $0 + $1.count } == 400)
        #expect(shown.histogram.count == 40)
        // Uniform numbers have no outlier.
        #expect((shown.raised + shown.lowered).allSatisfy { !$0.standsOut })
    }

    @Test func onlyWhatNoChanceWouldGiveStandsOut() throws {
        var changes = (0..<400).map { Float($0 % 7) / 10 }
        changes[11] = 30
        let shown = try #require(SheetPromotion(changes: changes, tokenDecoder: Letters()))
        #expect(shown.raised.filter(\.standsOut).map(\.id) == [11])
        #expect(shown.raised.first?.text == "l")
    }

    @Test(arguments: [[], [1, 1, 1], [Float.nan, 1], [.infinity, 0]] as [[Float]])
    func changesThatDoNotDifferOrAreNoNumbersShowNothing(changes: [Float]) {
        #expect(SheetPromotion(changes: changes, tokenDecoder: Letters()) == nil)
    }

    @Test func activityIsTheCountsWithWilsonsInterval() throws {
        var histogram = [UInt64](repeating: 0, count: 32)
        histogram[16] = 15
        histogram[18] = 5
        let evidence = LatentEvidence(
            latent: 1, statistics: SheetFixture.statistics(fired: 20, histogram: histogram), train: [], top: [],
            test: [], recent: [])
        let shown = SheetActivity(evidence, in: SheetFixture.update([evidence]))
        #expect(shown.tokens == 1000 && shown.tokensFired == 20 && shown.epoch == 7)
        let density = try #require(shown.density)
        // The closed form, worked out in Python.
        #expect(density.value == 0.02 && abs(density.lower - 0.0129837) < 1e-6 && abs(density.upper - 0.0306900) < 1e-6)
        #expect(shown.mean == 2 && shown.maximum == 8 && !shown.isDense)
        #expect(shown.histogram.map(\.lower) == [1, 2, 4] && shown.histogram.map(\.upper) == [2, 4, 8])
        #expect(shown.histogram.map(\.count) == [15, 0, 5])
    }

    @Test func aLatentThatNeverFiredHasZeroAndNoMean() {
        let evidence = SheetFixture.evidence(1, fired: 0)
        let shown = SheetActivity(evidence, in: SheetFixture.update([evidence]))
        #expect(shown.density?.value == 0 && shown.density?.lower == 0 && (shown.density?.upper ?? 0) > 0)
        #expect(shown.mean == nil && shown.histogram.isEmpty)
        let dense = SheetFixture.evidence(1, fired: 101)
        #expect(SheetActivity(dense, in: SheetFixture.update([dense])).isDense)
    }
}
