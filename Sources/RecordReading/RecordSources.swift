package import Elements
package import Observability
import Synchronization

/// The sources of a running topology, told of every checkpoint.
package final class RecordSources: Sendable {
    /// A partition among those of all sources.
    private struct Place: Hashable {
        let source: String
        let partition: PartitionKey
    }

    private struct State {
        var sources: [any RecordSource] = []
        /// The latest fences that the sources have not been told of.
        var untold: [Place: Fence] = [:]
        var isTelling = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func set(_ new: [any RecordSource]) { state.withLock { $0.sources = new } }

    /// How many records of each partition wait to be read.
    package var lag: [SourceLag] { state.withLock { $0.sources }.flatMap(\.lag) }

    /// How far each source has been read; `nil` for one that does not tell.
    package var extents: [SourceExtent?] { state.withLock { $0.sources }.map(\.extent) }

    /// Tells the sources of a checkpoint soon; one at a time, so that no earlier fence comes after a later one.
    package func checkpointed(_ fences: [Fence]) {
        let mustTell = state.withLock { state in
            for fence in fences {
                state.untold[Place(source: fence.source, partition: PartitionKey(of: fence))] = fence
            }
            defer { state.isTelling = true }
            return !state.isTelling
        }
        if mustTell { Task { await tell() } }
    }

    /// Waits until the sources have been told of every checkpoint, and has them let everything go.
    package func finish() async {
        await allTold()
        for source in state.withLock({ $0.sources }) { await source.release() }
    }

    private func allTold() async {
        await withCheckedContinuation { waiter in
            let isDone = state.withLock { state in
                if state.isTelling { state.waiters.append(waiter) }
                return !state.isTelling
            }
            if isDone { waiter.resume() }
        }
    }

    private func tell() async {
        while let (sources, fences) = takeUntold() {
            for source in sources { await source.checkpointed(fences) }
        }
    }

    private func takeUntold() -> (sources: [any RecordSource], fences: [Fence])? {
        let (next, waiters) = state.withLock {
            state -> ((sources: [any RecordSource], fences: [Fence])?, [CheckedContinuation<Void, Never>]) in
            guard !state.untold.isEmpty else {
                state.isTelling = false
                defer { state.waiters = [] }
                return (nil, state.waiters)
            }
            defer { state.untold = [:] }
            let fences = state.untold.values.sorted {
                ($0.source, $0.topic, $0.partition) < ($1.source, $1.topic, $1.partition)
            }
            return ((state.sources, fences), [])
        }
        for waiter in waiters { waiter.resume() }
        return next
    }
}
