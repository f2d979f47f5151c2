import LatentSheets
import Observability
import Store

extension Served {
    /// What the metrics tell of the state; blocks.
    func figures() throws -> StateFigures {
        let summary = try sheets.summary()
        var figures = StateFigures()
        figures.latents = summary.coders.flatMap { coder in
            let counts = Dictionary(coder.states.map { ($0.state, $0.count) }) { first, _ in first }
            // A state without latents is told too, so that a graph shows it at nothing.
            return LatentState.allCases.map { state in
                StateFigures.Latents(coder: coder.coder.name, state: state.rawValue, count: counts[state] ?? 0)
            }
        }
        figures.scores = summary.scores.map { scores in
            let controls = ["shuffled": scores.control, "random_coder": scores.randomCoder].compactMapValues(\.self)
            return StateFigures.Scores(
                node: scores.node, explainedBy: scores.explainedBy, method: scores.method, latents: scores.count,
                mean: scores.mean, chance: scores.chance, controls: controls, controlled: scores.controlled)
        }
        figures.waiting = try reader.oldestOpenJobs().map { job in
            StateFigures.Waiting(node: job.node, kind: job.kind.rawValue, since: job.since)
        }
        figures.evidenceBytes = try reader.evidenceBytes()
        figures.unsent = try reader.unsentMessages()
        figures.stateBytes = reader.fileBytes
        return figures
    }
}
