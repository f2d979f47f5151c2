import Dashboard
import Observability

/// Makes the pages of a running topology.
struct ServedDashboard: Sendable {
    /// The name of the topology.
    let topology: String
    let configuration: RunningConfiguration
    /// Whether one signs in to see the pages.
    let asksForToken: Bool
    /// Whether there is a token for who changes something.
    let takesChanges: Bool

    /// Pages that say whether the topology's file differs by now from what runs.
    var now: Dashboard {
        Dashboard(
            links: .served, topology: topology, isChangedOnDisk: configuration.reading.isInSync == false,
            asksForToken: asksForToken, takesChanges: takesChanges)
    }
}
