import ArgumentParser
import Elements
import Foundation
import LatentSheets
import Nodes
import Serving
import StateNotes
import Store
import Topology

/// The sheets of a state directory on which no daemon need run, or of all shares that one holds.
struct StoredSheets {
    /// What is served of them.
    let sheets: ServedSheets
    /// The graph of the topology; `nil` if it is not at hand, so that tokens are shown by their ids.
    let graph: Graph?
    /// The name of the topology.
    let topology: String
    /// The graph as it is shown; `nil` if the topology is not at hand.
    let pipeline: ServedPipeline?
    let reader: StoreReader

    /// Opens a state directory with the topology file that is given, or the one by which it was last worked on; blocks.
    ///
    /// Evidence is read whole, so it takes the memory that a run's samples take, unless it is `about` one latent.
    ///
    /// - Parameters:
    ///   - key: The only latent of which evidence is wanted; `nil` for all.
    ///   - notice: Told what is left out if the topology cannot be used.
    /// - Throws: `StoreError`, or `ExitCode` if a topology that is given has errors.
    init(
        directory: String, topology file: String?, about key: LatentKey? = nil, notice: (String) -> Void
    ) throws {
        // Relative paths of a topology are meant from where it was run, and that of the state from here.
        let directory = URL(fileURLWithPath: directory).path
        let reader = try Store.joinedReader(directory: directory)
        self.reader = reader
        let (graph, text): (Graph?, String?)
        if let file {
            (graph, text) = (try TopologyLoading.load(file), try? String(contentsOfFile: file, encoding: .utf8))
        } else {
            do {
                let stored = try Self.stored(in: reader, notice: notice)
                (graph, text) = (stored?.graph, stored?.text)
            } catch {
                (graph, text) = (nil, nil)
                notice("the topology cannot be used (\(error)): tokens are shown by their ids; give it with --topology")
            }
        }
        self.graph = graph
        pipeline = graph.map { ServedPipeline(graph: $0.pipelineSheet(text: text), store: reader, meter: nil) }
        topology = try graph?.topology.name ?? reader.meta("topology.name") ?? directory
        let random = try RandomCoders.note.read(in: reader) ?? []
        // Refuses shares whose nodes were set otherwise.
        _ = try NodeSettings.all(in: reader)
        let uneven = EvidenceNote.uneven(among: try reader.shares.flatMap { try EvidenceNote.notes.all(in: $0) })
        if !uneven.isEmpty {
            notice(
                "the shares of \(uneven.sorted().joined(separator: ", ")) have not all been told the same yet: each latent's counts are "
                    + "those of its own share, and tokens those of one")
        }
        let evidence = try graph.map { try StoredEvidence.read(of: $0, from: reader, about: key) } ?? [:]
        let coders: [any CoderKnowledge] =
            try graph?.knownCoders()
            ?? reader.coderIdentities().map { NamedCoder(identity: $0, isRandom: random.contains($0.name)) }
        sheets = ServedSheets(store: reader, coders: coders, evidence: { evidence[$0] })
    }

    /// The topology by which a state was last worked on, its files opened; `nil` if the state does not say.
    private static func stored(in reader: StoreReader, notice: (String) -> Void) throws -> StoredTopology? {
        guard let stored = try StoredTopology(in: reader) else {
            notice(
                "this state does not say by which topology it was made: tokens are shown by their ids; give it with --topology"
            )
            return nil
        }
        guard FileManager.default.changeCurrentDirectoryPath(stored.directory) else {
            throw StoredTopology.Fault("\(stored.file) was run in \(stored.directory), which is not there")
        }
        // Opens what is needed here, so that a file that has gone is named before anything is shown.
        _ = try stored.graph.knownCoders()
        return stored
    }
}
