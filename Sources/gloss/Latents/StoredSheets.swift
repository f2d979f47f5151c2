import ArgumentParser
import Elements
import Foundation
import LatentSheets
import Nodes
import Serving
import StateNotes
import Store
import Topology

/// The sheets of a state directory on which no daemon need run.
struct StoredSheets {
    /// What is served of them.
    let sheets: ServedSheets
    /// The graph of the topology; `nil` if it is not at hand, so that tokens are shown by their ids.
    let graph: Graph?
    /// The name of the topology.
    let topology: String
    let reader: StoreReader

    /// Opens a state directory with the topology file that is given, or the one by which it was last worked on; blocks.
    ///
    /// Evidence is read whole, so it takes the memory that a run's samples take.
    ///
    /// - Parameter notice: Told what is left out if the topology cannot be used.
    /// - Throws: `StoreError`, or `ExitCode` if a topology that is given has errors.
    init(directory: String, topology file: String?, notice: (String) -> Void) throws {
        // Relative paths of a topology are meant from where it was run, and that of the state from here.
        let directory = URL(fileURLWithPath: directory).path
        let reader = try Store.reader(directory: directory)
        self.reader = reader
        let graph: Graph?
        if let file {
            graph = try TopologyLoading.load(file)
        } else {
            do {
                graph = try Self.graph(of: reader, notice: notice)
            } catch {
                graph = nil
                notice("the topology cannot be used (\(error)): tokens are shown by their ids; give it with --topology")
            }
        }
        self.graph = graph
        topology = try graph?.topology.name ?? reader.meta("topology.name") ?? directory
        let random = try RandomCoders.note.read(in: reader) ?? []
        let evidence = try graph.map { try StoredEvidence.read(of: $0, from: reader) } ?? [:]
        let coders: [any CoderKnowledge] =
            try graph?.knownCoders()
            ?? reader.coderIdentities().map { NamedCoder(identity: $0, isRandom: random.contains($0.name)) }
        sheets = ServedSheets(store: reader, coders: coders, evidence: { evidence[$0] })
    }

    /// The graph of the topology by which a state was last worked on; `nil` if the state does not say.
    private static func graph(of reader: StoreReader, notice: (String) -> Void) throws -> Graph? {
        guard let source = try TopologySource.note.read(in: reader) else {
            notice(
                "this state does not say by which topology it was made: tokens are shown by their ids; give it with --topology"
            )
            return nil
        }
        guard FileManager.default.changeCurrentDirectoryPath(source.directory) else {
            throw StoredTopologyFault(description: "\(source.file) was run in \(source.directory), which is not there")
        }
        let (topology, diagnostics) = GraphReader(environment: ProcessInfo.processInfo.environment)
            .topology(of: source.text, file: source.file)
        guard let topology else {
            let fault = diagnostics.first { $0.severity == .error }?.message ?? "it cannot be read"
            throw StoredTopologyFault(description: "\(source.file): \(fault)")
        }
        let graph = try Graph(topology)
        // Opens what is needed here, so that a file that has gone is named before anything is shown.
        _ = try graph.knownCoders()
        return graph
    }

    private struct StoredTopologyFault: Error, CustomStringConvertible {
        let description: String
    }
}
