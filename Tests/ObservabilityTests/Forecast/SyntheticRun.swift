@testable import Observability

/// A run whose jobs cost what they are said to: models share their time among the jobs under way, explanations call for scores as they
/// come, and the last of them for controls.
struct SyntheticRun {
    /// A node that explains or scores.
    struct Node {
        let name: String
        /// What its jobs ask.
        let model: String
        /// The seconds of the model's time that a job takes on average.
        let cost: Double
        /// The jobs that it has under way at most.
        var concurrency = 4
        /// The latents that it explains; for a score node those that it takes, of each explainer.
        let latents: Int
        /// The explainers whose explanations it scores; none if it explains.
        var explainers: [String] = []
        /// The most controls of each explainer.
        var controls = 0
        /// Of so many explanations one is passed over; 0 for none.
        var passesOver = 0
    }

    let nodes: [Node]
    /// The models that do jobs side by side, so that none takes longer for the others.
    var servers: Set<String> = []
    /// The seconds of reading before the jobs begin.
    var reading = 0.0

    /// A moment, and the seconds that were left of the run.
    struct Step {
        let moment: RunMoment
        var left: Double
        /// The seconds since the first job was begun; `nil` before.
        let sinceJobs: Double?
    }

    /// What is expected of the nodes, as a topology tells it.
    var expected: [String: TimeLeft.Expectation] {
        Dictionary(
            uniqueKeysWithValues: nodes.map { node -> (String, TimeLeft.Expectation) in
                let scored = node.explainers.map { min(node.latents, named($0)?.latents ?? 0) }
                return (
                    node.name,
                    TimeLeft.Expectation(
                        jobs: node.explainers.isEmpty ? node.latents : scored.reduce(0, +),
                        controls: scored.reduce(0) { $0 + min($1, node.controls) }, seconds: nil,
                        explainers: node.explainers, model: servers.contains(node.model) ? nil : node.model)
                )
            })
    }

    private func named(_ name: String) -> Node? { nodes.first { $0.name == name } }

    /// The work of a node while it goes on.
    private struct Progress {
        var queued = 0
        var underWay: [Double] = []
        var begun = 0
        var done = 0
        var taken = 0
    }

    /// The run, a moment each second.
    func steps() -> [Step] {
        let tick = 0.125
        var progress: [String: Progress] = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, Progress()) })
        var (steps, time, hasControls): ([Step], Double, Set<String>) = ([], 0, [])
        var isPlanned = false
        while time < 100_000 {
            if !isPlanned, time >= reading {
                for node in nodes where node.explainers.isEmpty { progress[node.name]?.queued = node.latents }
                isPlanned = true
            }
            if (time / tick).truncatingRemainder(dividingBy: 1 / tick) == 0 {
                steps.append(
                    Step(moment: moment(progress, at: time), left: 0, sinceJobs: isPlanned ? time - reading : nil))
            }
            if isPlanned, progress.values.allSatisfy({ $0.queued == 0 && $0.underWay.isEmpty }) { break }
            if isPlanned { advance(&progress, &hasControls, by: tick) }
            time += tick
        }
        for place in steps.indices { steps[place].left = time - steps[place].moment.seconds }
        return steps
    }

    private func advance(_ progress: inout [String: Progress], _ hasControls: inout Set<String>, by tick: Double) {
        for node in nodes {
            while let own = progress[node.name], own.queued > 0, own.underWay.count < node.concurrency {
                // Jobs are of unequal length, and their order has no period that the explanations have too.
                let length = node.cost * (0.5 + Double(own.begun * 7 % 11) / 10)
                progress[node.name]?.underWay.append(length)
                progress[node.name]?.queued -= 1
                progress[node.name]?.begun += 1
            }
        }
        var atModel: [String: Int] = [:]
        for node in nodes { atModel[node.model, default: 0] += progress[node.name]?.underWay.count ?? 0 }
        for node in nodes {
            let speed = servers.contains(node.model) ? 1 : 1 / Double(max(1, atModel[node.model] ?? 1))
            guard var own = progress[node.name] else { continue }
            own.underWay = own.underWay.map { $0 - speed * tick }
            let ended = own.underWay.count { $0 <= 0 }
            own.underWay.removeAll { $0 <= 0 }
            own.done += ended
            progress[node.name] = own
            if node.explainers.isEmpty { explained(ended, by: node, &progress) }
        }
        for node in nodes where !node.explainers.isEmpty && !hasControls.contains(node.name) {
            let isSettled = node.explainers.allSatisfy { name in
                progress[name].map { $0.queued == 0 && $0.underWay.isEmpty } ?? true
            }
            guard isSettled else { continue }
            hasControls.insert(node.name)
            let controls = min(node.controls * node.explainers.count, progress[node.name]?.taken ?? 0)
            progress[node.name]?.queued += controls
        }
    }

    /// Explanations have come: score nodes plan their scores, of evenly spread latents.
    private func explained(_ count: Int, by node: Node, _ progress: inout [String: Progress]) {
        guard let done = progress[node.name]?.done else { return }
        for number in (done - count)..<done {
            for scorer in nodes where scorer.explainers.contains(node.name) {
                let latents = min(scorer.latents, node.latents)
                guard (number + 1) * latents / node.latents > number * latents / node.latents else { continue }
                if scorer.passesOver > 0, number % scorer.passesOver == 0 { continue }
                progress[scorer.name]?.queued += 1
                progress[scorer.name]?.taken += 1
            }
        }
    }

    private func moment(_ progress: [String: Progress], at time: Double) -> RunMoment {
        let (share, tokens) = (reading > 0 ? min(1, time / reading) : 1, 100_000.0)
        let read = Int(tokens * share)
        let work = progress.filter { $0.value.queued + $0.value.underWay.count + $0.value.done > 0 }
        return RunMoment(
            seconds: time, tokensRead: read, tokens: read,
            extents: [SourceExtent(read: Int64(read), left: Int64(100_000 - read))],
            work: work.mapValues {
                RunMoment.Work(
                    done: $0.done, waiting: $0.queued + $0.underWay.count, underWay: $0.underWay.count)
            })
    }
}
