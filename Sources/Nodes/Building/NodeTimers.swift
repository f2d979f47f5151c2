import Dataflow
import Synchronization

/// The timers of a run's nodes, which go on counting when nodes are built anew.
final class NodeTimers: Sendable {
    private struct Place: Hashable {
        let node: String
        let type: String
    }

    private let kept = Mutex<[Place: StageTimers]>([:])

    /// The timers of a node of a type: those that it had before, if it had some.
    func timers(of node: String, type: String) -> StageTimers {
        kept.withLock { kept in
            let place = Place(node: node, type: type)
            if let timers = kept[place] { return timers }
            let timers = StageTimers(node: node)
            kept[place] = timers
            return timers
        }
    }
}
