import Stages
import Testing

@Suite struct BatchPaceTests {
    private func pace(workers: Int = 1) -> BatchPace {
        BatchPace(target: .milliseconds(500), bounds: 32...4096, workers: workers)
    }

    @Test func withoutAMeasurementABatchIsAsSmallAsItMayBe() {
        #expect(pace().batch() == 32)
        #expect(pace().rate == nil)
    }

    @Test(arguments: [(400, 200), (40, 32), (100_000, 4096)])
    func aBatchTakesHalfASecondAtTheRateMeasuredWithinItsBounds(rate: Int, batch: Int) {
        var pace = pace()
        pace.worked(tokens: rate, for: .seconds(1))
        #expect(pace.rate == Double(rate))
        #expect(pace.batch() == batch)
    }

    @Test func whatLaterStagesTakeForABatchIsPartOfItsTime() {
        var pace = pace()
        pace.worked(tokens: 1000, for: .seconds(1))
        // A millisecond a token here, and four after it.
        #expect(pace.batch(later: 0.004) == 100)
        #expect(pace.batch(later: 0) == 500)
        #expect(pace.batch(later: 10) == 32)
    }

    @Test func aRateThatChangesIsFollowedWithinAFewBatches() {
        var pace = pace()
        pace.worked(tokens: 1000, for: .seconds(1))
        for _ in 0..<16 { pace.worked(tokens: 250, for: .seconds(1)) }
        #expect((125...132).contains(pace.batch()))
    }

    /// A first context, slowed down by what a worker does once, is soon outweighed by batches of full size.
    @Test func largerBatchesWeighMore() {
        var pace = pace()
        pace.worked(tokens: 10, for: .milliseconds(100))
        pace.worked(tokens: 990, for: .seconds(1))
        #expect((400...500).contains(pace.batch()))
    }

    @Test func whatTookNoTimeOrHadNoTokensIsNotCounted() {
        var pace = pace()
        pace.worked(tokens: 0, for: .seconds(1))
        pace.worked(tokens: 10, for: .zero)
        #expect(pace.batch() == 32)
    }

    @Test func aBatchIsSharedUntilThereIsAMeasurement() {
        var pace = pace(workers: 2)
        #expect(pace.isShared && pace.batch() == 32)
        pace.met(context: 256)
        #expect(pace.isShared)
        pace.worked(tokens: 256, for: .milliseconds(250))
        #expect(!pace.isShared)
    }

    @Test func contextsThatTakeAWorkerMuchLongerThanTheTargetAreShared() {
        var pace = pace(workers: 2)
        pace.met(context: 256)
        pace.worked(tokens: 256, for: .seconds(4))
        #expect(pace.isShared)
        // Two workers together compute 128 tokens a second.
        #expect(pace.batch() == 64)
        // One short context does not part them.
        pace.met(context: 3)
        #expect(pace.isShared)
    }

    @Test func aLongContextMakesTheWorkersShare() {
        var pace = pace(workers: 2)
        pace.met(context: 100)
        pace.worked(tokens: 400, for: .seconds(1))
        #expect(!pace.isShared && pace.batch() == 200)
        pace.met(context: 400)
        #expect(!pace.isShared)
        pace.met(context: 401)
        #expect(pace.isShared && pace.batch() == 400)
    }

    /// The rate of a busy machine wavers, and whenever workers part or meet, some of them wait for others.
    @Test func aRateThatWaversChangesNothing() {
        var pace = pace(workers: 2)
        pace.met(context: 256)
        pace.worked(tokens: 256, for: .milliseconds(1200))
        #expect(pace.isShared)
        for milliseconds in [900, 1100, 900, 1000] {
            pace.worked(tokens: 256, for: .milliseconds(milliseconds))
            #expect(pace.isShared)
        }
        for _ in 0..<4 { pace.worked(tokens: 256, for: .milliseconds(600)) }
        #expect(!pace.isShared)
        pace.worked(tokens: 256, for: .milliseconds(1000))
        #expect(!pace.isShared)
    }

    @Test func aWorkerByItselfHasNobodyToShareWith() {
        var pace = pace(workers: 1)
        pace.met(context: 256)
        #expect(!pace.isShared)
        pace.worked(tokens: 256, for: .seconds(4))
        #expect(!pace.isShared && pace.batch() == 32)
    }
}
