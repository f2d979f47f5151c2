import Stages
import Testing

@Suite struct BatchPaceTests {
    private func pace(_ bounds: ClosedRange<Int> = 32...4096) -> BatchPace {
        BatchPace(target: .milliseconds(500), bounds: bounds)
    }

    @Test func withoutAMeasurementABatchIsAsSmallAsItMayBe() {
        #expect(pace().batch == 32)
        #expect(pace().rate == nil)
    }

    @Test(arguments: [(400, 200), (40, 32), (100_000, 4096)])
    func aBatchTakesHalfASecondAtTheRateMeasuredWithinItsBounds(rate: Int, batch: Int) {
        var pace = pace()
        pace.worked(tokens: rate, for: .seconds(1))
        #expect(pace.rate == Double(rate))
        #expect(pace.batch == batch)
    }

    @Test func aRateThatChangesIsFollowedWithinAFewBatches() {
        var pace = pace()
        pace.worked(tokens: 1000, for: .seconds(1))
        for _ in 0..<16 { pace.worked(tokens: 250, for: .seconds(1)) }
        #expect((125...132).contains(pace.batch))
    }

    /// A first context, slowed down by what a worker does once, is soon outweighed by batches of full size.
    @Test func largerBatchesWeighMore() {
        var pace = pace()
        pace.worked(tokens: 10, for: .milliseconds(100))
        pace.worked(tokens: 990, for: .seconds(1))
        #expect((400...500).contains(pace.batch))
    }

    @Test func whatTookNoTimeOrHadNoTokensIsNotCounted() {
        var pace = pace()
        pace.worked(tokens: 0, for: .seconds(1))
        pace.worked(tokens: 10, for: .zero)
        #expect(pace.batch == 32)
    }
}
