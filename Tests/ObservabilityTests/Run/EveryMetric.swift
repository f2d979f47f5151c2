import Dataflow
import Elements
import Foundation
import StateFixtures

@testable import Observability

/// A run in which every metric has a value.
enum EveryMetric {
    /// Its page.
    static var page: String {
        let progress = RunProgress(memory: MemoryMeter(budget: 4096))
        let metrics = RunMetrics(progress: progress, version: "1", topology: "tiny", digest: "ab")
        let timers = StageTimers(node: "codes")
        drive(progress, metrics, timers)
        return metrics.render(
            timers: [(type: "encode", timers: timers)], lag: [SourceLag(topic: "texts", partition: 0, records: 4)],
            figures: figures)
    }

    /// Something of everything that is read from a state.
    static var figures: StateFigures {
        var figures = StateFigures()
        figures.latents = [StateFigures.Latents(coder: "codes", state: "scored", count: 3)]
        figures.scores = [
            StateFigures.Scores(
                node: "detected", explainedBy: "prose", method: "detection", latents: 3, mean: 0.7, chance: 0.5,
                controls: ["shuffled": 0.52], controlled: 2)
        ]
        figures.waiting = [StateFigures.Waiting(node: "prose", kind: "explain", since: 0)]
        figures.evidenceBytes = ["evidence": 4096]
        figures.unsent = ["results": 2]
        figures.stateBytes = 8192
        return figures
    }

    /// Something of everything that is counted, as the stages of a run count it.
    static func drive(_ progress: RunProgress, _ metrics: RunMetrics, _ timers: StageTimers) {
        progress.read(records: 1, rejected: ["empty"], ahead: 1)
        progress.repeated(1)
        progress.reaches("texts", as: .source)
        progress.forwarded(tokens: 128)
        progress.sampled(tokens: 96)
        progress.explained(1, by: "prose")
        progress.copied(1, by: "prose")
        progress.scored(1, by: "detected")
        progress.failed(by: "prose", reason: "no answer")
        progress.waiting(3, postponed: 1, at: "prose")
        progress.left(by: "prose")
        progress.asks(["rule", "other"])
        _ = progress.awaits(["rule"], since: Date(timeIntervalSinceNow: -60))
        progress.held(by: "prose")
        progress.samples(64, of: "evidence")
        progress.memory.set(1024, of: .evidence, by: "evidence")
        progress.checkpointed()
        progress.chose([
            Choice(
                challenger: Fixture.hash(2), standing: Fixture.hash(1), node: "lexical", coder: Fixture.coder,
                latent: 3, reason: .grown, outcome: .replaced, scores: [], epoch: 4)
        ])
        metrics.configuration.loaded("name: tiny", of: "/tiny.yaml", digest: "cd", at: 7000)
        metrics.scored([Fixture.score(1, 0.5)])
        metrics.asked(model: "rule", outcome: "done", took: .seconds(1))
        metrics.checkpointed(after: .milliseconds(1500))
        metrics.checkpoints(every: .seconds(10))
        progress.ingests(true)
        metrics.failed(model: "rule", reason: "timed-out")
        metrics.paid(model: "rule", cost: 0.25)
        metrics.budget(used: 0.5)
        metrics.judged(by: "detected", method: "detection", questions: 20, failures: ["bad-answer"])
        metrics.waited(.seconds(2), at: "prose", kind: "explain")
        metrics.worked(.seconds(3), at: "prose", kind: "explain")
        metrics.served(route: "/metrics", status: 200, took: .milliseconds(2))
        metrics.spent(model: "rule", tokensIn: 1, tokensOut: 1)
        for state in [StageTimers.State.busy, .starved, .blocked] { timers.add(.seconds(2), to: state) }
        timers.count(byteCount: 10)
    }
}
