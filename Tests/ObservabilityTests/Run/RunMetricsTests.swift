import Dataflow
import Elements
import StateFixtures
import Testing

@testable import Observability

@Suite struct RunMetricsTests {
    private func metrics(_ progress: RunProgress = RunProgress()) -> RunMetrics {
        RunMetrics(progress: progress, version: "1", topology: "tiny", digest: "ab")
    }

    @Test func totalsAreCountedOnceHoweverOftenTheyAreAskedFor() {
        let progress = RunProgress()
        let metrics = metrics(progress)
        progress.scored(5, by: "detected")
        _ = metrics.render(timers: [])
        progress.scored(2, by: "detected")
        let text = metrics.render(timers: [])
        #expect(text.contains("gloss_jobs_total{component_id=\"detected\",kind=\"score\",outcome=\"done\"} 7\n"))
    }

    @Test func scoresGoIntoTheHistogramOfTheirMethod() {
        let metrics = metrics()
        metrics.scored([Fixture.score(1, 0.62), Fixture.score(2, 0.68), Fixture.score(3, nil)])
        let text = metrics.render(timers: [])
        #expect(text.contains("gloss_score_bucket{method=\"detection\",le=\"0.6\"} 0\n"))
        #expect(text.contains("gloss_score_bucket{method=\"detection\",le=\"0.65\"} 1\n"))
        #expect(text.contains("gloss_score_bucket{method=\"detection\",le=\"0.7\"} 2\n"))
        #expect(text.contains("gloss_score_count{method=\"detection\"} 2\n"))
    }

    @Test func timersAreSecondsByNode() {
        let timers = StageTimers(node: "codes")
        timers.add(.milliseconds(1500), to: .busy)
        timers.count(byteCount: 10)
        let text = metrics().render(timers: [(type: "encode", timers: timers)])
        let labels = "{component_id=\"codes\",component_type=\"encode\"}"
        #expect(text.contains("gloss_component_busy_seconds_total\(labels) 1.5\n"))
        #expect(text.contains("gloss_component_sent_bytes_total\(labels) 10\n"))
    }

    @Test func everyMetricIsExplained() {
        let progress = RunProgress()
        progress.read(records: 1, rejected: ["empty"])
        progress.explained(1, by: "prose")
        progress.waiting(3, at: "prose")
        progress.held(by: "prose")
        progress.checkpointed()
        progress.chose([
            Choice(
                challenger: Fixture.hash(2), standing: Fixture.hash(1), node: "lexical", coder: Fixture.coder,
                latent: 3,
                reason: .grown, outcome: .replaced, scores: [], epoch: 4)
        ])
        let metrics = metrics(progress)
        metrics.scored([Fixture.score(1, 0.5)])
        metrics.asked(model: "rule", outcome: "done", took: .seconds(1))
        metrics.spent(model: "rule", tokensIn: 1, tokensOut: 1)
        let text = metrics.render(
            timers: [(type: "encode", timers: StageTimers(node: "codes"))],
            lag: [SourceLag(topic: "texts", partition: 0, records: 4)])
        let lines = text.split(separator: "\n")
        let typed = Set(
            lines.filter { $0.hasPrefix("# TYPE ") }.compactMap { $0.split(separator: " ").dropFirst(2).first })
        let explained = Set(
            lines.filter { $0.hasPrefix("# HELP ") }.compactMap { $0.split(separator: " ").dropFirst(2).first })
        #expect(typed == explained)
        #expect(typed.count == MetricHelp.byName.count)
        #expect(text.contains("gloss_kafka_consumer_lag{partition=\"0\",topic=\"texts\"} 4\n"))
        #expect(text.contains("gloss_llm_requests_total{model=\"rule\",outcome=\"done\"} 1\n"))
    }
}
