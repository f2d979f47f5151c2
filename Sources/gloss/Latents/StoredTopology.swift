import Foundation
import Nodes
import StateNotes
import Store
import Topology

/// The topology by which a state was last worked on, as the state keeps it; nothing that it names is opened.
struct StoredTopology {
    /// Its graph.
    let graph: Graph
    /// The path of its file.
    let file: String
    /// The folder that relative paths in it are meant from.
    let directory: String
    /// Its text.
    let text: String

    /// Reads it, of joined shares that of the first; `nil` if the state does not say; blocks.
    ///
    /// - Throws: `StoreError`, or `Fault` if the text has errors now, such as a variable that is not set.
    init?(in reader: StoreReader) throws {
        guard let source = try TopologySource.note.read(in: reader.shares.first ?? reader) else { return nil }
        (file, directory, text) = (source.file, source.directory, source.text)
        let (topology, diagnostics) = GraphReader(environment: ProcessInfo.processInfo.environment)
            .topology(of: source.text, file: source.file)
        guard let topology else {
            let fault = diagnostics.first { $0.severity == .error }?.message ?? "it cannot be read"
            throw Fault("\(source.file): \(fault)")
        }
        graph = try Graph(topology)
    }

    /// Why the topology of a state cannot be used.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }
}
