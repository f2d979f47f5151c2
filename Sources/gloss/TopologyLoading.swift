import ArgumentParser
import Daemon
import Dataflow
import Foundation
import Kafka
import Topology

/// Reads a topology file and prints what is wrong with it.
enum TopologyLoading {
    /// The topology, checked against the schemas, the model files and the coders it names.
    ///
    /// - Throws: `ExitCode(78)` after the errors have been printed.
    static func load(_ path: String) throws -> Topology {
        let (topology, diagnostics, text) = try read(path)
        for diagnostic in diagnostics { write(diagnostic, text: text) }
        guard let topology, !diagnostics.contains(where: { $0.severity == .error }) else { throw ExitCode(78) }
        return topology
    }

    /// Asks the endpoints of a loaded topology whether they can do what its nodes need.
    ///
    /// - Throws: `ExitCode(78)` after the errors have been printed; one that is out of reach is none.
    static func askEndpoints(of topology: Topology, file: String) async throws {
        let diagnostics = await EndpointInspection.diagnostics(of: topology, file: file)
        guard !diagnostics.isEmpty else { return }
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        for diagnostic in diagnostics { write(diagnostic, text: text) }
        throw ExitCode(78)
    }

    /// The topology and everything found in it; `nil` where it has errors.
    ///
    /// - Parameter keepsFaulty: Whether to give a topology where only the models and coders that it names have errors.
    static func read(
        _ path: String, keepsFaulty: Bool = false
    ) throws -> (topology: Topology?, diagnostics: [Diagnostic], text: String) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            Notice.write("gloss", "\(path) cannot be read: \(error.localizedDescription)")
            throw ExitCode(66)
        }
        let text = String(decoding: data, as: UTF8.self)
        let reader = TopologyReader(
            schemas: NodeSchema.all, environment: ProcessInfo.processInfo.environment,
            reservedSetting: KafkaSettings.reservedReason(for:))
        var (topology, diagnostics) = reader.read(text: text, file: path)
        if let checked = topology {
            diagnostics += TopologyInspection.diagnostics(of: checked, file: path)
            if !keepsFaulty, diagnostics.contains(where: { $0.severity == .error }) { topology = nil }
        }
        return (topology, diagnostics, text)
    }

    static func write(_ diagnostic: Diagnostic, text: String) {
        let rendered = diagnostic.render(source: text, colour: Terminal.isColouredOnError)
        FileHandle.standardError.write(Data((rendered + "\n").utf8))
    }
}
