import Dataflow
package import Elements
import Evidence
import Foundation
import LatentSheets
import Running
import Stages
package import StateNotes
package import Store
import Topology

/// What the reservoirs of a topology have left in a state directory, or in all shares of one, read without a daemon.
package enum StoredEvidence {
    /// The evidence of each coder, as it was at the latest checkpoint; blocks, and takes the memory that a run's samples take.
    ///
    /// Reservoirs that the topology does not have any more are left out.
    ///
    /// - Parameter key: The only latent of which anything is wanted; its coder may be named by its hookpoint. Other coders are left out then, and
    ///   of a coder that is too large for its latents to be compared with each other, the samples of others. `nil` for all.
    /// - Throws: `StoreError` if segments are damaged or cannot be read.
    package static func read(
        of graph: Graph, from store: StoreReader, about key: LatentKey? = nil
    ) throws -> [String: EvidenceUpdate] {
        var found: [String: EvidenceUpdate] = [:]
        let notes = try EvidenceNote.all(in: store)
        for sampler in graph.all((any Samples).self) {
            guard let codes = graph.first((any GivesCodes).self, above: sampler.node), found[codes.id] == nil,
                let note = notes.first(where: { $0.node == sampler.id })
            else { continue }
            let coder = try codes.coderIdentity(in: graph)
            if let key, key.coder != codes.id, key.coder != coder.hookpoint { continue }
            let wanted = key.flatMap { SheetReader.compares(coder) ? nil : Set([$0.latent]) }
            let reservoir = try reservoir(
                of: sampler.id, try sampler.plan(in: graph).settings, coder, about: wanted, from: store,
                at: graph.topology.state.directory)
            found[codes.id] = EvidenceUpdate(view: reservoir.view(), epoch: note.epoch, isCaughtUp: false)
        }
        return found
    }

    /// What each reservoir holds of all shares together, noted as one process would; blocks.
    ///
    /// It takes the memory that the samples of one process would take.
    /// - Returns: By reservoir; `nil` of one whose shares have not been told the same.
    /// - Throws: `StoreError` if segments are damaged or cannot be read, `EvidenceError` if the topology does not fit them.
    package static func notes(of graph: Graph, from store: StoreReader) throws -> [String: EvidenceNote?] {
        var found: [String: EvidenceNote?] = [:]
        for known in try EvidenceNote.all(in: store) {
            guard let sampler = graph.all((any Samples).self).first(where: { $0.id == known.node }) else { continue }
            let settings = try sampler.plan(in: graph).settings
            let coder = try graph.codes(above: sampler.node).coderIdentity(in: graph)
            var union: Reservoir?
            do {
                for part in store.parts {
                    let share = try reservoir(of: known.node, settings, coder, from: part, at: part.directory)
                    if union == nil { union = share } else { try union?.merge(share: share) }
                }
            } catch EvidenceError.foreignReservoir {
                // Settings and coder are the same here, so that it is what counts for all that differs.
                found.updateValue(nil, forKey: known.node)
                continue
            }
            guard let union else { continue }
            let note = EvidenceNote(
                node: known.node, view: union.view(), epoch: known.epoch, sample: known.sample)
            found.updateValue(note, forKey: known.node)
        }
        return found
    }

    /// The reservoir of a node, by all cores.
    private static func reservoir(
        of node: String, _ settings: ReservoirSettings, _ coder: CoderIdentity, about wanted: Set<Int>? = nil,
        from store: StoreReader, at place: String
    ) throws -> Reservoir {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return try SpareCores(name: node, cores: cores, permits: CorePermits(count: cores)).help { sharing in
            var reservoir = Reservoir(settings: settings, coder: coder)
            try store.forEachSegment(of: node) {
                try reservoir.merge($0, of: node, in: place, about: wanted, sharing: sharing)
            }
            reservoir.takeDigests(sharing: sharing)
            return reservoir
        }
    }
}
