import Synchronization

/// The phase of the daemon, as `/readyz` reports it.
public final class Readiness: Sendable {
    /// The phases of the daemon.
    public enum Phase: String, Sendable, Hashable {
        /// Weights and stored evidence are being read.
        case starting
        /// Records are being read, or waited for.
        case running
        /// No more records are read; work already begun is being finished.
        case stopping
    }

    private let held = Mutex(Phase.starting)

    /// Makes a readiness in phase `starting`.
    public init() {}

    /// The current phase.
    public package(set) var phase: Phase {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
