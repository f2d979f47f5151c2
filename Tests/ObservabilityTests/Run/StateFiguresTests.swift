import Dataflow
import Foundation
import StateFixtures
import Testing

@testable import Observability

@Suite struct StateFiguresTests {
    private let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "t", digest: "d")

    private func page(_ figures: StateFigures?) throws -> PrometheusPage {
        try PrometheusPage(metrics.render(timers: [], figures: figures))
    }

    @Test func whatIsNotToldOfAnyMoreIsNotShown() throws {
        var figures = StateFigures()
        figures.latents = [
            StateFigures.Latents(coder: "codes", state: "scored", count: 3),
            StateFigures.Latents(coder: "codes", state: "dead", count: 0),
        ]
        figures.unsent = ["results": 2]
        let first = try page(figures)
        #expect(first["gloss_latents"]?.value(["coder": "codes", "state": "scored"]) == 3)
        #expect(first["gloss_latents"]?.value(["coder": "codes", "state": "dead"]) == 0)
        #expect(first["gloss_outbox_messages"]?.value(["component_id": "results"]) == 2)
        figures.latents.removeLast()
        figures.unsent = [:]
        let second = try page(figures)
        #expect(second["gloss_latents"]?.samples.count == 1 && second["gloss_outbox_messages"] == nil)
        // While nothing could be read, what was read before stands.
        #expect(try page(nil)["gloss_latents"]?.samples.count == 1)
        figures.unsent = ["results": 5]
        #expect(try page(figures)["gloss_outbox_messages"]?.value(["component_id": "results"]) == 5)
    }

    @Test func scoresStandBesideTheirChanceAndTheirControls() throws {
        var figures = StateFigures()
        figures.scores = [
            StateFigures.Scores(
                node: "detected", explainedBy: "prose", method: "detection", latents: 40, mean: 0.71, chance: 0.5,
                controls: ["shuffled": 0.52, "random_coder": 0.55], controlled: 8),
            StateFigures.Scores(
                node: "simulated", explainedBy: "prose", method: "simulation", latents: 4, mean: 0.2, chance: nil,
                controls: [:]),
        ]
        let page = try page(figures)
        var labels = ["component_id": "detected", "explained_by": "prose", "method": "detection"]
        #expect(page["gloss_score_mean"]?.value(labels) == 0.71 && page["gloss_score_latents"]?.value(labels) == 40)
        #expect(page["gloss_score_chance"]?.value(labels) == 0.5)
        #expect(page["gloss_score_control_latents"]?.value(labels) == 8)
        labels["control"] = "shuffled"
        #expect(page["gloss_score_control"]?.value(labels) == 0.52)
        labels["control"] = "random_coder"
        #expect(page["gloss_score_control"]?.value(labels) == 0.55)
        #expect(page["gloss_score_chance"]?.samples.count == 1)
    }

    @Test func theOldestJobIsAsOldAsTheTimeSinceItWasPlanned() throws {
        let hour: Int64 = 3_600_000
        var figures = StateFigures()
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        figures.waiting = [
            StateFigures.Waiting(node: "prose", kind: "explain", since: now - hour),
            // A clock that was set back.
            StateFigures.Waiting(node: "detected", kind: "score", since: now + hour),
        ]
        let ages = try #require(try page(figures)["gloss_oldest_queued_seconds"])
        let age = try #require(ages.value(["component_id": "prose", "kind": "explain"]))
        #expect(age >= 3600 && age < 3660)
        #expect(ages.value(["component_id": "detected", "kind": "score"]) == 0)
    }

    @Test func aNodesLastProgressIsWhenItWasLastSeenToHaveWorked() throws {
        let timers = StageTimers(node: "codes")
        let labels = ["component_id": "codes", "component_type": "encode"]
        func moment() throws -> Double? {
            try PrometheusPage(metrics.render(timers: [(type: "encode", timers: timers)]))[
                "gloss_component_last_progress_timestamp_seconds"]?.value(labels)
        }
        #expect(try moment() == nil)
        timers.add(.seconds(1), to: .starved)
        #expect(try moment() == nil)
        timers.count(byteCount: 1)
        let time = try #require(try moment())
        #expect(abs(time - Date().timeIntervalSince1970) < 60)
        // Nothing was done since, and waiting is no work.
        timers.add(.seconds(1), to: .blocked)
        #expect(try moment() == time)
        timers.add(.seconds(1), to: .busy)
        #expect(try moment().map { $0 > time } == true)
    }
}
