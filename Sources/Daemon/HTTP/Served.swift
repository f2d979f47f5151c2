import Dataflow
import Elements
import Store
import Synchronization

/// What can be served once the daemon has opened its state.
struct Served: Sendable {
    /// The state, read by a connection of its own so that a slow answer holds up no checkpoint.
    let reader: StoreReader
    /// A name of the state that another state directory does not have.
    let stateName: String
    /// The coders of the topology.
    let coders: [CoderIdentity]
    /// The timers of every node, with the node's type.
    let timers: [(type: String, timers: StageTimers)]
    /// The sources, for how far they are behind.
    let sources: RecordSources
}

/// Where routes find what is served, from the moment there is something.
final class ServedState: Sendable {
    private let held = Mutex<Served?>(nil)

    /// What is served; `nil` while the daemon starts.
    var served: Served? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
