import ArgumentParser
import Foundation
import Nodes
import Running
import Topology
import WeightFiles

/// Reads a topology file and prints its faults.
enum TopologyLoading {
    /// The graph of a topology, checked against the schemas, the model files and the coders it names, which stay open.
    ///
    /// - Throws: `ExitCode(78)` after the errors have been printed.
    /// - Parameters:
    ///   - keepsWeights: Whether files opened for the checks stay open, for a run.
    ///   - role: What the process is to do of it, which must be possible; its state is that of the role.
    ///   - choose: Gives the part of the topology that is loaded; by default all of it.
    static func load(
        _ path: String, keepsWeights: Bool = true, in role: Role = .whole,
        choose: (Topology) throws -> Topology = { $0 }
    ) throws -> Graph {
        let (graph, diagnostics, text) = try read(path, keepsWeights: keepsWeights, in: role, choose: choose)
        for diagnostic in diagnostics { write(diagnostic, text: text) }
        guard let graph, !diagnostics.contains(where: { $0.severity == .error }) else { throw ExitCode(78) }
        return graph
    }

    /// Asks the endpoints of a loaded topology whether they can do what its nodes need, and have the batches they are to be asked by.
    ///
    /// - Throws: `ExitCode(78)` after the errors have been printed; an endpoint that is out of reach is no error.
    static func askEndpoints(of graph: Graph, file: String) async throws {
        async let texts = EndpointInspection.diagnostics(of: graph, file: file)
        async let batches = BatchInspection.diagnostics(of: graph, file: file)
        let diagnostics = await texts + batches
        guard !diagnostics.isEmpty else { return }
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        for diagnostic in diagnostics { write(diagnostic, text: text) }
        throw ExitCode(78)
    }

    /// The graph of a topology and everything found in it; `nil` if it has errors.
    ///
    /// - Parameters:
    ///   - keepsFaulty: Whether to give a graph if only the models and coders that it names have errors.
    ///   - keepsWeights: Whether files opened for the checks stay open, for a run.
    static func read(
        _ path: String, keepsFaulty: Bool = false, keepsWeights: Bool = true, in role: Role = .whole,
        choose: (Topology) throws -> Topology = { $0 }
    ) throws -> (graph: Graph?, diagnostics: [Diagnostic], text: String) {
        let (topology, found, text) = try parse(path)
        var diagnostics = found
        let graph = try topology.map { try Graph(choose($0), keepsWeights: keepsWeights) }
        if let graph { diagnostics += graph.roleDiagnostics(role, file: path) }
        if let graph, role == .whole || !diagnostics.contains(where: { $0.severity == .error }) {
            diagnostics += graph.diagnostics(file: path)
        }
        if let graph, !diagnostics.contains(where: { $0.severity == .error }) {
            diagnostics += graph.stateDiagnostics(file: path, in: role)
        }
        let isFaulty = diagnostics.contains { $0.severity == .error }
        return (isFaulty && !keepsFaulty ? nil : graph, diagnostics, text)
    }

    /// The graph of a topology, checked by its text alone, and that text: nothing that it names is opened.
    ///
    /// - Throws: `ExitCode(78)` after the errors have been printed.
    static func loadText(_ path: String) throws -> (graph: Graph, text: String) {
        let (topology, diagnostics, text) = try parse(path)
        for diagnostic in diagnostics { write(diagnostic, text: text) }
        guard let topology else { throw ExitCode(78) }
        return (try Graph(topology), text)
    }

    /// The directory that is given, or else that of a topology file's state; `nil` for neither.
    ///
    /// - Throws: `ExitCode(78)` after the errors have been printed.
    static func directory(_ given: String?, of file: String?) throws -> String? {
        guard given == nil, let file else { return given }
        let (topology, diagnostics, text) = try parse(file)
        guard let topology else {
            for diagnostic in diagnostics { write(diagnostic, text: text) }
            throw ExitCode(78)
        }
        return topology.state.directory
    }

    private static func parse(
        _ path: String
    ) throws -> (topology: Topology?, diagnostics: [Diagnostic], text: String) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let refusal = SystemRefusal(error)
            throw ExitCode(
                refusal?.isOfTheMachine == true ? .machine : .missing,
                telling: "\(path) cannot be read: \(refusal?.reason ?? error.localizedDescription)", of: "gloss")
        }
        let text = String(decoding: data, as: UTF8.self)
        let (topology, diagnostics) = GraphReader(environment: ProcessInfo.processInfo.environment)
            .topology(of: text, file: path)
        return (topology, diagnostics, text)
    }

    static func write(_ diagnostic: Diagnostic, text: String) {
        guard Notice.form == .json else {
            return Terminal.tell(diagnostic.render(source: text, colour: Terminal.isColouredOnError))
        }
        let place = diagnostic.mark.map { "\(diagnostic.file):\($0.line):\($0.column)" } ?? diagnostic.file
        let help = diagnostic.help.map { "; \($0)" } ?? ""
        let isError = diagnostic.severity == .error
        Notice.write(
            "topology", "\(place): \(diagnostic.code) \(diagnostic.message)\(help)",
            level: isError ? .error : .warning, cause: isError ? .configuration : nil)
    }
}
