import Topology

/// What is wrong with a topology file and the files it names.
enum TopologyExamination {
    /// The topology, `nil` where the file itself has errors, and what was found in it; loads models and coders, so it
    /// blocks.
    static func read(_ path: String) -> (topology: Topology?, findings: [Finding]) {
        guard let (topology, diagnostics, _) = try? TopologyLoading.read(path, keepsFaulty: true) else {
            return (nil, [Finding(.fail, "topology", "\(path) cannot be read")])
        }
        var findings = diagnostics.map(finding)
        if let topology {
            guard !diagnostics.contains(where: { $0.severity == .error }) else { return (topology, findings) }
            findings.append(Finding(.ok, "topology", "\(path): \(topology.name), \(topology.nodes.count) nodes"))
        } else {
            findings.append(
                Finding(
                    .fail, "topology",
                    "\(path): brokers, models and state are looked at once the file itself has no errors"))
        }
        return (topology, findings)
    }

    private static func finding(_ diagnostic: Diagnostic) -> Finding {
        let place = diagnostic.mark.map { "\(diagnostic.file):\($0.line):\($0.column)" } ?? diagnostic.file
        let help = diagnostic.help.map { "; \($0)" } ?? ""
        return Finding(
            diagnostic.severity == .error ? .fail : .warn, "topology",
            "\(place): \(diagnostic.code) \(diagnostic.message)\(help)")
    }
}
