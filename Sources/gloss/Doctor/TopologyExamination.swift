import Nodes
import Running
import Topology

/// The faults of a topology file and of the files it names.
enum TopologyExamination {
    /// The graph of the topology, `nil` if the file itself has errors, and what was found in it; loads models and coders, so it
    /// blocks.
    ///
    /// - Parameter role: What a process is to do of it; the graph is that of its part.
    static func read(_ path: String, in role: Role) -> (graph: Graph?, findings: [Finding]) {
        let read = try? TopologyLoading.read(path, keepsFaulty: true, in: role, choose: role.part(of:))
        guard let (graph, diagnostics, _) = read else {
            return (nil, [Finding(.fail, "topology", "\(path) cannot be read")])
        }
        var findings = diagnostics.map(finding)
        if let graph {
            guard !diagnostics.contains(where: { $0.severity == .error }) else { return (graph, findings) }
            let topology = graph.topology
            findings.append(Finding(.ok, "topology", "\(path): \(topology.name), \(topology.nodes.count) nodes"))
        } else {
            findings.append(
                Finding(
                    .fail, "topology",
                    "\(path): brokers, models and state are looked at once the file itself has no errors"))
        }
        return (graph, findings)
    }

    private static func finding(_ diagnostic: Diagnostic) -> Finding {
        let place = diagnostic.mark.map { "\(diagnostic.file):\($0.line):\($0.column)" } ?? diagnostic.file
        let help = diagnostic.help.map { "; \($0)" } ?? ""
        return Finding(
            diagnostic.severity == .error ? .fail : .warn, "topology",
            "\(place): \(diagnostic.code) \(diagnostic.message)\(help)")
    }
}
