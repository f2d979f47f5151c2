import Synchronization

/// Raised once, when the daemon is asked to stop: sources end after their next barrier, jobs not yet begun stay open.
package final class StopSignal: Sendable {
    private struct State {
        var isRaised = false
        var listeners: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Makes a signal that is not raised.
    package init() {}

    /// Whether the daemon was asked to stop.
    package var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Asks the daemon to stop.
    package func raise() {
        let listeners = state.withLock { state in
            state.isRaised = true
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { listener() }
    }

    /// Calls `listener` when the signal is raised, or now if it is already.
    package func whenRaised(_ listener: @escaping @Sendable () -> Void) {
        let isRaised = state.withLock { state in
            if !state.isRaised { state.listeners.append(listener) }
            return state.isRaised
        }
        if isRaised { listener() }
    }
}
