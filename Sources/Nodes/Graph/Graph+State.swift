package import Running
import Store
package import Topology

extension Graph {
    /// The reasons why a run may not go on with what the state directory holds, each at the place of its setting; opens what
    /// the evidence depends on, so it blocks.
    ///
    /// There are none without a state, nor if it cannot be read just now: whoever is to run on it says why. A daemon that runs
    /// on it is not in the way.
    package func stateDiagnostics(file: String, in role: Role = .whole) -> [Diagnostic] {
        guard !role.isIngest else { return [] }
        let directory = topology.state.directory
        guard let reader = try? Store.reader(directory: directory), let identity = try? storeIdentity(in: role),
            let conflicts = try? reader.conflicts(with: identity)
        else { return [] }
        var findings = NodeFindings(file: file)
        for conflict in conflicts { report(conflict, in: directory, into: &findings) }
        return findings.diagnostics
    }

    private func report(_ conflict: StateConflict, in directory: String, into findings: inout NodeFindings) {
        let held = "the state in \(directory)"
        switch conflict {
        case .otherName(let stored, let given):
            findings.report(
                .otherState, topology.nameMark, "\(held) is that of topology '\(stored)', not of '\(given)'",
                help: "give back the name, or set another state.directory")
        case .nodeRemoved(let node):
            let reservoirs = all((any Samples).self)
            findings.report(
                .otherState, reservoirs.count == 1 ? reservoirs[0].node.mark : topology.nameMark,
                "\(held) has evidence of a reservoir '\(node)', which the topology no longer has",
                help: "put it back or give it its old name, or set another state.directory")
        case .nodeChanged(let node, let changes):
            let help = "restore the setting, or set another state.directory for evidence of its own"
            if changes.isEmpty {
                findings.report(
                    .otherState, topology.node(node)?.mark ?? topology.nameMark,
                    "\(held) was made when '\(node)' or a node above it was set differently; which setting, it does not say",
                    help: help)
            }
            // The token that contexts begin with counts for each node that names the model, and is set in one place.
            var marks: Set<SourceMark> = []
            for change in changes {
                let mark = mark(of: change, below: node)
                guard marks.insert(mark).inserted || change.field != StateIdentity.bos else { continue }
                findings.report(.otherState, mark, "\(held) cannot be gone on with: \(change)", help: help)
            }
        }
    }

    private func mark(of change: StateConflict.Change, below reservoir: String) -> SourceMark {
        guard let node = topology.node(change.node) ?? topology.node(reservoir) else { return topology.nameMark }
        if change.field == StateIdentity.bos, let name = definition(of: node)?.models.first?.name,
            case .file(let entry) = topology.models[name]
        {
            return entry.bosMark
        }
        return node.mark(of: change.field)
    }

    private func definition(of node: Node) -> (any NodeDefinition)? { nodes.first { $0.id == node.id } }
}
