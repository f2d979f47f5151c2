import Dataflow
import Elements
import Foundation
import StateFixtures
import Testing

@testable import Observability

/// Series of a run, read from its page as a scraper reads them.
@Suite struct RunSeriesTests {
    private let progress = RunProgress()
    private let metrics: RunMetrics

    init() {
        metrics = RunMetrics(progress: progress, version: "1.2.3", topology: "a \"tiny\" one", digest: "ab")
    }

    private func page(_ timers: [StageTimers] = [], lag: [SourceLag] = []) throws -> PrometheusPage {
        try PrometheusPage(metrics.render(timers: timers.map { (type: "encode", timers: $0) }, lag: lag))
    }

    @Test func whatRunsIsTold() throws {
        let page = try page()
        #expect(page["gloss_build_info"]?.value(["version": "1.2.3"]) == 1)
        #expect(page["gloss_config_info"]?.value(["hash": "ab", "topology": "a \"tiny\" one"]) == 1)
        let start = try #require(page["process_start_time_seconds"]?.value())
        #expect(start <= Date().timeIntervalSince1970 + 1 && start == start.rounded())
    }

    @Test func aLatentWeighsOnceForEachNodeHoweverOftenItIsScored() throws {
        let other = CoderIdentity(name: "neurons", hookpoint: "layers.1", latents: 8, digest: Fixture.hash(9))
        metrics.scored([Fixture.score(1, 0.5), Fixture.score(1, 0.9, text: "a challenger")])
        metrics.scored([Fixture.score(1, 0.9)])
        let score = try #require(try page()["gloss_score"])
        #expect(score.value(["method": "detection"], suffix: "_count") == 1)
        #expect(score.value(["method": "detection"], suffix: "_sum") == 0.5)
        // Another node, explainer, coder or latent is another score.
        metrics.scored([
            Fixture.score(1, 0.5, node: "again"), Fixture.score(1, 0.5, explainedBy: "words"),
            Fixture.score(1, 0.5, coder: other), Fixture.score(2, 0.5),
        ])
        #expect(try page()["gloss_score"]?.value(["method": "detection"], suffix: "_count") == 5)
    }

    @Test func controlsAndScoresWithoutAFigureLeaveThePlaceToALaterScore() throws {
        metrics.scored([Fixture.control(1, 0.5), Fixture.score(1, nil)])
        #expect(try page()["gloss_score"] == nil)
        metrics.scored([Fixture.score(1, 0.75)])
        #expect(try page()["gloss_score"]?.value(["method": "detection"], suffix: "_sum") == 0.75)
    }

    @Test func scoresAreCountedInTwentiethsEdgesBelongingToTheLowerOne() throws {
        let twentieths = (1...20).map { Double($0) / 20 }
        metrics.scored(twentieths.enumerated().map { Fixture.score($0.offset, $0.element) })
        metrics.scored([Fixture.score(100, 0), Fixture.score(101, -0.5), Fixture.score(102, 1.5)])
        let score = try #require(try page()["gloss_score"])
        for (index, bound) in twentieths.enumerated() {
            let labels = ["method": "detection", "le": "\(bound == 1 ? "1" : "\(bound)")"]
            #expect(score.value(labels, suffix: "_bucket") == Double(index + 3), "up to \(bound)")
        }
        #expect(score.value(["method": "detection"], suffix: "_count") == 23)
    }

    @Test func callsAreCountedByModelAndOutcomeWithTheTimeTheyTook() throws {
        metrics.asked(model: "a", outcome: "done", took: .milliseconds(2500))
        metrics.asked(model: "a", outcome: "failed", took: .seconds(90))
        metrics.asked(model: "b", outcome: "done", took: .nanoseconds(3))
        let page = try page()
        #expect(page["gloss_llm_requests_total"]?.value(["model": "a", "outcome": "done"]) == 1)
        #expect(page["gloss_llm_requests_total"]?.value(["model": "a", "outcome": "failed"]) == 1)
        let times = try #require(page["gloss_llm_request_duration_seconds"])
        #expect(times.value(["model": "a"], suffix: "_sum") == 92.5)
        #expect(times.value(["model": "a", "le": "2.5"], suffix: "_bucket") == 1)
        #expect(times.value(["model": "b"], suffix: "_sum") == 3e-9)
    }

    @Test func brokersCountAsReachableUntilTheyAreLostAndAfterThat() throws {
        progress.reaches("texts", as: .source)
        progress.reaches("results", as: .sink)
        func reachable(_ node: String, _ role: String) throws -> Double? {
            try page()["gloss_broker_reachable"]?.value(["component_id": node, "role": role])
        }
        #expect(try reachable("texts", "source") == 1 && reachable("results", "sink") == 1)
        #expect(metrics.unreachable.isEmpty)
        progress.lost(true, by: "results")
        progress.lost(true, by: "nobody")
        #expect(try reachable("texts", "source") == 1 && reachable("results", "sink") == 0)
        #expect(metrics.unreachable.map(\.node) == ["results"])
        let since = try #require(metrics.unreachable.first?.reach.lostAt)
        #expect(abs(since.timeIntervalSinceNow) < 60)
        progress.lost(false, by: "results")
        #expect(try reachable("results", "sink") == 1)
        #expect(metrics.unreachable.isEmpty)
    }

    @Test func recordsOfDaysThatHaveNotBegunAreCounted() throws {
        progress.read(records: 5, rejected: [], ahead: 2)
        progress.read(records: 1, rejected: [])
        #expect(try page()["gloss_records_ahead_total"]?.value() == 2)
    }

    @Test func tokensAreCountedByDirectionAndNoneMakesNoSeries() throws {
        metrics.spent(model: "a", tokensIn: 100, tokensOut: 0)
        metrics.spent(model: "a", tokensIn: 20, tokensOut: 5, cached: 15)
        let tokens = try #require(try page()["gloss_llm_tokens_total"])
        #expect(tokens.value(["direction": "in", "model": "a"]) == 120)
        #expect(tokens.value(["direction": "out", "model": "a"]) == 5)
        #expect(tokens.value(["direction": "cached", "model": "a"]) == 15)
        metrics.spent(model: "b", tokensIn: 0, tokensOut: 0, cached: 0)
        #expect(try page()["gloss_llm_tokens_total"]?.samples.count == 3)
    }

    @Test func aCounterNeverFallsAlsoIfANodeBeginsAnew() throws {
        let labels = ["component_id": "codes", "component_type": "encode"]
        let first = StageTimers(node: "codes")
        first.add(.seconds(4), to: .blocked)
        #expect(try page([first])["gloss_component_blocked_seconds_total"]?.value(labels) == 4)
        let second = StageTimers(node: "codes")
        second.add(.seconds(3), to: .blocked)
        #expect(try page([second])["gloss_component_blocked_seconds_total"]?.value(labels) == 4)
        second.add(.seconds(3), to: .blocked)
        #expect(try page([second])["gloss_component_blocked_seconds_total"]?.value(labels) == 6)
    }

    @Test func gaugesRiseAndFall() throws {
        let labels = ["component_id": "prose"]
        for number in [3, 0, 8] {
            progress.waiting(number, at: "prose")
            let lag = SourceLag(topic: "texts", partition: 2, records: Int64(number))
            let page = try page(lag: [lag])
            #expect(page["gloss_jobs_waiting"]?.value(labels) == Double(number))
            #expect(
                page["gloss_kafka_consumer_lag"]?.value(["topic": "texts", "partition": "2"]) == Double(number))
        }
    }

    @Test func aPartitionThatAnotherProcessReadsNowIsToldOfNoMore() throws {
        let both = [0, 1].map { SourceLag(topic: "texts", partition: $0, records: 7) }
        #expect(try page(lag: both)["gloss_kafka_consumer_lag"]?.samples.count == 2)
        let left = try page(lag: [both[1]])["gloss_kafka_consumer_lag"]
        #expect(left?.samples.count == 1 && left?.value(["topic": "texts", "partition": "1"]) == 7)
        #expect(try page(lag: [])["gloss_kafka_consumer_lag"]?.samples.isEmpty ?? true)
        #expect(try page(lag: both)["gloss_kafka_consumer_lag"]?.samples.count == 2)
    }

    @Test func theAgeOfACheckpointIsThereOnceThereIsOne() throws {
        #expect(try page()["gloss_checkpoint_age_seconds"] == nil)
        #expect(try page()["gloss_last_progress_timestamp_seconds"] == nil)
        progress.checkpointed()
        progress.sampled(tokens: 1)
        let page = try page()
        #expect(page["gloss_checkpoint_age_seconds"]?.value().map { $0 >= 0 && $0 < 60 } == true)
        let time = page["gloss_last_progress_timestamp_seconds"]?.value() ?? 0
        #expect(abs(time - Date().timeIntervalSince1970) < 60)
    }

    @Test func pagesAskedForAtTheSameTimeCountNothingTwice() async throws {
        progress.forwarded(tokens: 1000)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { [metrics] in for _ in 0..<20 { _ = metrics.render(timers: []) } }
            }
        }
        #expect(try page()["gloss_tokens_processed_total"]?.value() == 1000)
    }
}
