import Elements
import Observability
import Synchronization

/// The sources of a running topology, told of every checkpoint.
final class RecordSources: Sendable {
    private let sources = Mutex<[any RecordSource]>([])

    func set(_ new: [any RecordSource]) { sources.withLock { $0 = new } }

    /// How many records of each partition wait to be read.
    var lag: [SourceLag] { sources.withLock { $0 }.flatMap(\.lag) }

    func checkpointed(_ fences: [Fence]) {
        let all = sources.withLock { $0 }
        Task { for source in all { await source.checkpointed(fences) } }
    }
}
