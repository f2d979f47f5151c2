/// What becomes of the signals that ask the daemon to stop.
package struct StopEscalation: Sendable {
    /// What asks.
    package enum Asker: Sendable, Hashable {
        /// Somebody, or a supervisor: SIGTERM, SIGINT.
        case person
        /// A terminal that closes: SIGHUP.
        case closingTerminal
    }

    /// What has to be done.
    package enum Action: Sendable, Hashable {
        /// Stop, and call `deadlinePassed()` after the time given.
        case stop(within: Duration)
        /// End the process at once with this code.
        case exit(Int32)
        /// Nothing.
        case none
    }

    private let patience: Duration
    private var isStopping = false

    /// Makes the state before the first signal.
    package init(patience: Duration = ShutdownPatience.standard.process) { self.patience = patience }

    /// A signal has come: the first asks for an end, the second for one at once.
    package mutating func signalled(by asker: Asker = .person) -> Action {
        guard isStopping else {
            isStopping = true
            return .stop(within: patience)
        }
        switch asker {
        // As shells tell of a process that SIGINT ended.
        case .person: return .exit(130)
        // A shell and the system may both send it, and neither means to lose the checkpoint.
        case .closingTerminal: return .none
        }
    }

    /// The time for a stop is over, and the process is still there.
    package func deadlinePassed() -> Action {
        // EX_TEMPFAIL: what was not checkpointed is read again by the next start.
        .exit(75)
    }
}
