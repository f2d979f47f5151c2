import Planning
import StateNotes
import Store
import Topology

/// How unlike each other the latents of a state are in how often they fire.
struct LikeState {
    private let notes: [EvidenceNote]

    /// Reads what a state notes of its evidence; blocks.
    ///
    /// - Throws: `StoreError` if there is no state, or it cannot be read; `PlanningError` if it tells nothing of how often latents fire.
    init(directory: String) throws {
        notes = try EvidenceNote.all(in: Store.joinedReader(directory: directory)).filter { $0.activity != nil }
        guard !notes.isEmpty else {
            throw PlanningError.settings(
                node: directory,
                reason:
                    "the state has no evidence that says how often latents fire; let a run come to a checkpoint first")
        }
    }

    /// The rates of the reservoirs of a topology, by name.
    ///
    /// A reservoir takes those of its namesake; if it has none, those of the only one of the state.
    func rates(for topology: Topology) -> [String: FiringRates] {
        var rates: [String: FiringRates] = [:]
        for node in topology.nodes where node.schema.output == .evidence {
            let only = notes.count == 1 ? notes.first : nil
            guard let activity = (notes.first { $0.node == node.id } ?? only)?.activity else { continue }
            rates[node.id] = FiringRates(never: activity.never, decades: activity.decades)
        }
        return rates
    }
}
