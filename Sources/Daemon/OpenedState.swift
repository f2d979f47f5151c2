import Nodes
import Running
import Sinks
import Stages
import Store
import Topology

/// The places in which a run keeps what must outlive it.
///
/// A run that keeps no database opens others here, and no other code notices.
struct OpenedState: Sendable {
    /// Checkpoints, segments and notes.
    let state: any StateKeeper
    /// Jobs and results.
    let results: any ResultKeeper
    /// The messages that wait for their sinks.
    let outbox: any Outbox
    /// The batches of questions at servers; `nil` if none are kept, so that each question is asked by itself.
    let batches: (any StoredBatches)?

    /// Nothing but the way to the owners of shares, who keep all that this process makes.
    static func telling(by publisher: ShufflePublisher) -> OpenedState {
        OpenedState(state: publisher, results: NoResults(), outbox: NoResults(), batches: nil)
    }

    /// Opens the state directory of a topology; blocks.
    static func database(of graph: Graph, in role: Role = .whole) throws -> OpenedState {
        let store = try Store(directory: graph.topology.state.directory, topology: try graph.storeIdentity(in: role))
        return OpenedState(state: store, results: store, outbox: store, batches: store)
    }
}
