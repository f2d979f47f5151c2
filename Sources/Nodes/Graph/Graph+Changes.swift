package import Topology

extension Graph {
    /// The settings in which it differs from a graph that runs, and an error for each that cannot be changed meanwhile.
    ///
    /// What may change is what works behind the checkpoint, and what servers of models are asked how and for how much: it is
    /// built anew from what is stored, as by a start. All else would need another state, or what is open.
    package func changes(
        from running: Graph, file: String
    ) -> (changes: [SettingChange], refusals: [Diagnostic]) {
        let changes = topology.changes(from: running.topology)
        var findings = NodeFindings(file: file)
        for change in changes where !mayChange(change, from: running) {
            findings.report(
                .fixedSetting, change.mark, "the daemon cannot change this while it runs: \(change)",
                help: "put it back, or stop the daemon and start it with this file")
        }
        return (changes, findings.diagnostics)
    }

    private func mayChange(_ change: SettingChange, from running: Graph) -> Bool {
        switch change.subject {
        case .topology: return change.path.hasPrefix("budget.")
        case .model(let name):
            // A model that is new, or that nobody names any more, is opened or left by the nodes that change with it.
            guard let new = topology.models[name], let old = running.topology.models[name] else { return true }
            guard case .openAI = new, case .openAI = old else { return false }
            return true
        case .node(let id): return isBehindCheckpoint(id) && running.isBehindCheckpoint(id)
        }
    }

    /// Whether a node works behind the checkpoint, or is not there.
    private func isBehindCheckpoint(_ id: String) -> Bool {
        guard topology.node(id) != nil else { return true }
        return explainingNodes.contains(id) || sinkNodes.contains(id)
    }
}
