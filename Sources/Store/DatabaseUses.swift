import Dispatch
import Synchronization

/// Counts the calls that are inside the database, so that it is closed after the last of them.
///
/// GRDB's pool closes connections under a call that has found the pool open and not begun to read: SQLite is then handed no
/// connection and ends the process.
final class DatabaseUses: Sendable {
    private struct State {
        var inside = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let isLeft = DispatchSemaphore(value: 0)

    /// Runs a call; `nil` if the database is closed.
    func during<Value>(_ call: () throws -> Value) rethrows -> Value? {
        let mayEnter = state.withLock { state in
            if !state.isClosed { state.inside += 1 }
            return !state.isClosed
        }
        guard mayEnter else { return nil }
        defer {
            let isLast = state.withLock { state in
                state.inside -= 1
                return state.isClosed && state.inside == 0
            }
            if isLast { isLeft.signal() }
        }
        return try call()
    }

    /// Lets no further call in, and waits until the last one has left; blocks.
    func close() {
        let mustWait = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed && state.inside > 0
        }
        if mustWait { isLeft.wait() }
    }
}
