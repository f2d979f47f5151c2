import Synchronization

/// How far the daemon has come, as `/readyz` tells it.
public final class Readiness: Sendable {
    /// What the daemon is doing.
    public enum Phase: String, Sendable, Hashable {
        /// Weights and stored evidence are being read.
        case starting
        /// Records are being read, or waited for.
        case running
        /// No more is read; what was begun is being finished.
        case stopping
    }

    private let held = Mutex(Phase.starting)

    /// Makes one that is starting.
    public init() {}

    /// What the daemon is doing now.
    public package(set) var phase: Phase {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
