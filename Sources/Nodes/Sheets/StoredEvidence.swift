package import Elements
import Evidence
import Running
import Stages
import StateNotes
package import Store
import Topology

/// What the reservoirs of a topology have left in a state directory, read without a daemon.
package enum StoredEvidence {
    /// The evidence of each coder, as it was at the latest checkpoint; blocks, and takes the memory that a run's samples take.
    ///
    /// Reservoirs that the topology does not have any more are left out.
    ///
    /// - Throws: `StoreError` if segments are damaged or cannot be read.
    package static func read(of graph: Graph, from store: StoreReader) throws -> [String: EvidenceUpdate] {
        var found: [String: EvidenceUpdate] = [:]
        let notes = try EvidenceNote.notes.all(in: store)
        for sampler in graph.all((any Samples).self) {
            guard let codes = graph.first((any GivesCodes).self, above: sampler.node), found[codes.id] == nil,
                let note = notes.first(where: { $0.node == sampler.id })
            else { continue }
            let view = try view(
                of: sampler.id, try sampler.plan(in: graph).settings, try codes.coderIdentity(in: graph), from: store,
                at: graph.topology.state.directory)
            found[codes.id] = EvidenceUpdate(view: view, epoch: note.epoch, isCaughtUp: false)
        }
        return found
    }

    private static func view(
        of node: String, _ settings: ReservoirSettings, _ coder: CoderIdentity, from store: StoreReader,
        at place: String
    ) throws -> any EvidenceView {
        var reservoir = Reservoir(settings: settings, coder: coder)
        for segment in try store.segments(of: node) {
            try reservoir.merge(segment, of: node, in: place)
        }
        return reservoir.view()
    }
}
