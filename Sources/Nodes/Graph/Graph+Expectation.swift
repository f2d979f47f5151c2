package import Observability
package import Running
import Shuffle
import Topology

extension Graph {
    /// About the processor seconds of one job, of each node for which that is known beforehand; opens nothing.
    package var jobSeconds: [String: Double] {
        all((any TakesLatents).self).reduce(into: [:]) { $0[$1.id] = $1.usualSeconds }
    }

    /// What each explain and score node will have to do at most in a process of some role, as far as the topology tells; opens
    /// coders, so it blocks.
    package func expectedWork(in role: Role = .whole) -> [String: TimeLeft.Expectation] {
        var expected: [String: TimeLeft.Expectation] = [:]
        guard !role.isIngest else { return expected }
        for node in all((any TakesLatents).self) {
            // A coder that cannot be opened is told of by the run itself.
            guard let total = try? codes(above: node.node).shape(in: self).latents else { continue }
            let share = try? shares(of: role, above: node.node)
            let count = { (latents: LatentSelection) -> Int in
                guard let share else { return latents.mostLatents(of: total) }
                return latents.latents(of: total).count { share.owns($0) }
            }
            let own = count(node.latents)
            let explainers = node is any Explains ? [] : nearest((any Explains).self, above: node.node)
            let scored = explainers.map { min(own, count($0.latents)) }
            // Whatever asks no model has a control beside each score.
            let mostControls = (node as? any AsksJudge)?.asked.controls ?? .max
            expected[node.id] = TimeLeft.Expectation(
                jobs: node is any Explains ? own : scored.reduce(0, +),
                controls: scored.reduce(0) { $0 + min($1, mostControls) }, seconds: node.usualSeconds,
                explainers: explainers.map { $0.id }, model: sharedModel(of: node))
        }
        return expected
    }

    /// What does the jobs of a node and those of others, which hold each other up: the cores of this machine; `nil` if the node asks
    /// no model here.
    ///
    /// A server answers the few requests that come at once side by side, as far as can be known from here.
    private func sharedModel(of node: any NodeDefinition) -> String? {
        let asked = node.models.filter { $0.purpose == .model }
        return !asked.isEmpty && asked.allSatisfy { isInProcess($0.name) } ? "this process" : nil
    }
}
