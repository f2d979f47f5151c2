package import Observability
import Topology

extension Graph {
    /// What each explain and score node will have to do at most, as far as the topology tells; opens coders, so it blocks.
    package func expectedWork() -> [String: TimeLeft.Expectation] {
        var expected: [String: TimeLeft.Expectation] = [:]
        for node in all((any TakesLatents).self) {
            // A coder that cannot be opened is told of by the run itself.
            guard let total = try? codes(above: node.node).shape(in: self).latents else { continue }
            let own = node.latents.mostLatents(of: total)
            let explainers = nearest((any Explains).self, above: node.node)
            // Each score has a control beside it.
            let jobs =
                node is any Explains
                ? own : explainers.reduce(0) { $0 + 2 * min(own, $1.latents.mostLatents(of: total)) }
            expected[node.id] = TimeLeft.Expectation(jobs: jobs, seconds: node.usualSeconds)
        }
        return expected
    }
}
