import Dataflow
import Observability
import Testing

@testable import PipelineSheets

@Suite struct FlowHistoryTests {
    private func sample(
        _ second: Int, sent: Int = 0, received: Int = 0, working: Duration = .zero, blocked: Duration = .zero,
        engaged: Duration = .zero, busy: Duration = .zero, delivered: [String: Int] = [:]
    ) -> FlowSample {
        var reading = StageTimers.Reading()
        (reading.sent, reading.received, reading.working) = (sent, received, working)
        (reading.blocked, reading.engaged, reading.busy) = (blocked, engaged, busy)
        return FlowSample(time: .seconds(second), readings: ["codes": reading], delivered: delivered)
    }

    @Test func oneSampleGivesNoRate() {
        var history = FlowHistory()
        #expect(history.given(by: "codes") == nil && history.seconds == 0)
        history.take(sample(0, sent: 100))
        #expect(history.given(by: "codes") == nil && history.times(of: "codes") == nil && history.seconds == 0)
    }

    @Test func ratesAreTakenOverTheLastTenSeconds() {
        var history = FlowHistory()
        for second in 0...30 {
            history.take(sample(second, sent: second < 20 ? 0 : 50 * (second - 20), received: second))
        }
        #expect(history.seconds == 10)
        #expect(history.given(by: "codes") == 50 && history.taken(by: "codes") == 1)
        #expect(history.given(by: "other") == 0)
    }

    @Test func aYoungRunIsTakenAsLongAsItIs() {
        var history = FlowHistory()
        history.take(sample(0))
        history.take(sample(4, sent: 12))
        #expect(history.seconds == 4 && history.given(by: "codes") == 3)
    }

    @Test func timesAreSharesOfTheSpanAndBusyIsNeverMoreThanAll() throws {
        var history = FlowHistory()
        history.take(sample(0))
        history.take(
            sample(
                10, working: .seconds(9), blocked: .seconds(2), engaged: .milliseconds(9500), busy: .seconds(18)))
        let times = try #require(history.times(of: "codes"))
        #expect(times.busy == 0.9 && times.blocked == 0.2 && times.workers == 1.8)
        #expect(abs(times.idle - 0.05) < 1e-12)
        history.take(sample(20, working: .seconds(30), blocked: .seconds(2), engaged: .seconds(40), busy: .seconds(18)))
        #expect(history.times(of: "codes")?.busy == 1 && history.times(of: "codes")?.idle == 0)
    }

    @Test func lengthsAreThoseOfWhatEndedInTheLastMinute() throws {
        var (history, jobs, calls) = (FlowHistory(), DurationCounts(), DurationCounts())
        history.take(FlowSample(time: .zero, readings: [:]))
        #expect(history.jobTimes(of: "executed") == nil && history.callTimes(of: ["judge"]) == nil)
        for second in 1...200 {
            // Long ones at first; in the last minute fifty short ones and ten of eight seconds.
            jobs.add(second <= 140 ? .seconds(90) : second % 6 == 0 ? .seconds(8) : .milliseconds(500))
            if second == 200 { calls.add(.milliseconds(20)) }
            history.take(
                FlowSample(
                    time: .seconds(second), readings: [:], jobs: ["executed": jobs],
                    calls: ["judge": calls, "other": jobs]))
        }
        let times = try #require(history.jobTimes(of: "executed"))
        #expect(times.count == 60 && abs(times.p50 / 0.5 - 1) < 0.05 && abs(times.p99 / 8 - 1) < 0.05)
        #expect(history.callTimes(of: ["judge"])?.count == 1 && history.callTimes(of: ["judge", "other"])?.count == 61)
        #expect(history.callTimes(of: []) == nil && history.jobTimes(of: "codes") == nil)
    }

    @Test func turnsAreOldestFirstAndAtMostAMinute() {
        var history = FlowHistory()
        for second in 0...12 { history.take(sample(second, sent: second * second)) }
        // 12² − 7² and 7² − 2², over five seconds each; the turn before is not whole.
        #expect(history.turns(of: "codes") == [9, 19])
        for second in 13...200 { history.take(sample(second, sent: 144)) }
        #expect(history.turns(of: "codes") == [Double](repeating: 0, count: FlowHistory.turns))
    }

    @Test func aSinkCountsWhatItHasDelivered() {
        var history = FlowHistory()
        history.take(sample(0, delivered: ["results": 0]))
        history.take(sample(10, delivered: ["results": 30]))
        #expect(history.given(by: "results") == 3 && history.taken(by: "results") == 3)
        #expect(history.times(of: "results") == nil)
    }
}
