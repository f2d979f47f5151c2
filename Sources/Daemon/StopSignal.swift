import Synchronization

/// Raised once, when the daemon is asked to stop: sources end behind their next barrier, jobs not yet begun stay open.
public final class StopSignal: Sendable {
    private let raised = Atomic<Bool>(false)

    /// Makes a signal that is not raised.
    public init() {}

    /// Whether the daemon was asked to stop.
    public var isRaised: Bool { raised.load(ordering: .acquiring) }

    /// Asks the daemon to stop.
    public func raise() { raised.store(true, ordering: .releasing) }
}
