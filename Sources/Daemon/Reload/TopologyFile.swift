import Foundation
import Nodes
import Running
import Synchronization
import Topology

/// The file that a topology was read from, read again while it runs; every call blocks.
final class TopologyFile: Sendable {
    /// Its path, from the root.
    let path: String
    private let reader: GraphReader
    private let role: Role
    /// The text that was compared last, and whether it says what runs: most looks find the same again.
    private let compared = Mutex<(text: String, isSame: Bool)?>(nil)

    /// What it says, compared with what runs.
    enum Reading: Sendable {
        /// The same, perhaps in other words.
        case same(text: String)
        /// Something else that can take its place.
        case changed(Graph, [SettingChange], text: String)
        /// Something that cannot.
        case faulty([Diagnostic])
    }

    /// Makes one; nothing is read yet.
    ///
    /// - Parameter role: What the process does, which decides where its state is.
    init(path: String, environment: [String: String], role: Role) {
        self.path = path
        self.role = role
        reader = GraphReader(environment: environment)
    }

    /// Reads it, and checks what it names as a start does.
    ///
    /// - Throws: If it cannot be read.
    func read(against running: Graph) throws -> Reading {
        let text = try text()
        let (topology, diagnostics) = reader.topology(of: text, file: path)
        guard let topology else { return .faulty(diagnostics.filter { $0.severity == .error }) }
        let graph = try Graph(role.part(of: topology), sharing: running)
        let (changes, refusals) = graph.changes(from: running, file: path)
        if changes.isEmpty { return .same(text: text) }
        guard refusals.isEmpty else { return .faulty(refusals) }
        let faults = (graph.roleDiagnostics(role, file: path) + graph.diagnostics(file: path))
            .filter { $0.severity == .error }
        return faults.isEmpty ? .changed(graph, changes, text: text) : .faulty(faults)
    }

    /// Whether it says what runs; a file that cannot be read does not.
    func isInSync(with running: Graph) -> Bool {
        guard let text = try? text() else { return false }
        if let known = compared.withLock({ $0 }), known.text == text { return known.isSame }
        let topology = reader.topology(of: text, file: path).topology
        let isSame = topology.map { role.part(of: $0).changes(from: running.topology).isEmpty } ?? false
        compared.withLock { $0 = (text, isSame) }
        return isSame
    }

    /// What runs has changed, so that what was found is of no use.
    func forget() { compared.withLock { $0 = nil } }

    private func text() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
