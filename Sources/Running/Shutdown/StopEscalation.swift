/// What becomes of the signals that ask the daemon to stop.
package struct StopEscalation: Sendable {
    /// What has to be done.
    package enum Action: Sendable, Hashable {
        /// Stop, and call `deadlinePassed()` after the time given.
        case stop(within: Duration)
        /// End the process at once with this code.
        case exit(Int32)
    }

    private let patience: Duration
    private var isStopping = false

    /// Makes the state before the first signal.
    package init(patience: Duration = ShutdownPatience.standard.process) { self.patience = patience }

    /// A signal has come: the first asks for an end, the second for one at once.
    package mutating func signalled() -> Action {
        // As shells tell of a process that SIGINT ended.
        guard !isStopping else { return .exit(130) }
        isStopping = true
        return .stop(within: patience)
    }

    /// The time for a stop is over, and the process is still there.
    package func deadlinePassed() -> Action {
        // EX_TEMPFAIL: what was not checkpointed is read again by the next start.
        .exit(75)
    }
}
