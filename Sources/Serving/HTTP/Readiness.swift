import Synchronization

/// The phase of the daemon, as `/readyz` reports it.
public final class Readiness: Sendable {
    /// The phases of the daemon.
    public enum Phase: String, Sendable, Hashable {
        /// Weights and stored evidence are being read.
        case starting
        /// Records are being read, or waited for.
        case running
        /// The same, while explain and score nodes are built anew from a changed file.
        case reloading
        /// No more records are read; work already begun is being finished.
        case stopping
    }

    private let held = Mutex(Phase.starting)

    /// Goes on to another phase, unless it is in a third one by now.
    package func change(from phase: Phase, to next: Phase) {
        held.withLock { held in if held == phase { held = next } }
    }

    /// Makes a readiness in phase `starting`.
    public init() {}

    /// The current phase.
    public package(set) var phase: Phase {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
