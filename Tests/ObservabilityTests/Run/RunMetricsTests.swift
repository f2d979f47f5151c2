import Dataflow
import Elements
import Foundation
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

    @Test func failuresAreOfTheKindOfTheirNode() {
        let progress = RunProgress()
        progress.failed(by: "prose", reason: "no answer")
        let text = metrics(progress).render(timers: [(type: "explain", timers: StageTimers(node: "prose"))])
        #expect(text.contains("gloss_jobs_total{component_id=\"prose\",kind=\"explain\",outcome=\"failed\"} 1\n"))
    }

    @Test func aBudgetThatIsGoneHasNoShare() {
        let metrics = metrics()
        metrics.budget(used: 0.5)
        #expect(metrics.render(timers: []).contains("gloss_budget_used_ratio 0.5\n"))
        metrics.budget(used: nil)
        #expect(!metrics.render(timers: []).contains("gloss_budget_used_ratio"))
    }

    /// The names that lines of a kind, `HELP` or `TYPE`, give.
    private func families(_ kind: String, in text: String) -> Set<String> {
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("# \(kind) ") }
        return Set(lines.compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) })
    }

    /// The values of all series of a family.
    private func series(of family: String, in text: String) -> [String: Double] {
        let lines = text.split(separator: "\n").filter { line in
            let name = line.prefix { $0 != "{" && $0 != " " }
            return name == family || ["_bucket", "_sum", "_count"].contains { name == family + $0 }
        }
        let pairs = lines.compactMap { line -> (String, Double)? in
            guard let space = line.lastIndex(of: " "), let value = Double(line[space...].dropFirst()) else {
                return nil
            }
            return (String(line[..<space]), value)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    @Test func everyMetricIsExplained() {
        let text = EveryMetric.page
        #expect(families("TYPE", in: text) == families("HELP", in: text))
        #expect(families("TYPE", in: text) == Set(MetricHelp.byName.keys))
        #expect(text.contains("gloss_kafka_consumer_lag{partition=\"0\",topic=\"texts\"} 4\n"))
        #expect(text.contains("gloss_llm_requests_total{model=\"rule\",outcome=\"done\"} 1\n"))
    }

    @Test func everyMetricOfARunMoves() {
        let progress = RunProgress(memory: MemoryMeter(budget: 4096))
        let metrics = metrics(progress)
        let timers = StageTimers(node: "codes")
        func render(lag: Int64, figures: StateFigures = StateFigures()) -> String {
            metrics.render(
                timers: [(type: "encode", timers: timers)],
                lag: [SourceLag(topic: "texts", partition: 0, records: lag)], figures: figures)
        }
        let before = render(lag: 0)
        EveryMetric.drive(progress, metrics, timers)
        let after = render(lag: 4, figures: EveryMetric.figures)
        // The age of a checkpoint is next to nothing at first, what the process is and takes is not counted by the run.
        let others: Set = [
            "gloss_checkpoint_age_seconds", "gloss_build_info", "gloss_config_info", "process_resident_memory_bytes",
            "process_cpu_seconds_total", "process_start_time_seconds", "gloss_memory_budget_bytes",
        ]
        for family in MetricHelp.byName.keys.sorted() {
            let values = series(of: family, in: after)
            #expect(!values.isEmpty, "\(family) has no value")
            guard !others.contains(family) else { continue }
            let were = series(of: family, in: before)
            #expect(values.contains { $0.value != were[$0.key] ?? 0 }, "\(family) stays as it was")
        }
        for family in others.subtracting(["gloss_checkpoint_age_seconds"]) {
            #expect(series(of: family, in: before).values.allSatisfy { $0 > 0 }, "\(family) is nothing")
        }
    }
}
