package import Dataflow
package import Observability

/// What the metrics tell of the nodes and sources of a running daemon.
package struct MeasuredFlow: Sendable {
    /// The timers of every node, with the node's type.
    package let timers: [(type: String, timers: StageTimers)]
    /// The number of records of each partition that wait to be read.
    package let lag: @Sendable () -> [SourceLag]

    package init(
        timers: [(type: String, timers: StageTimers)], lag: @escaping @Sendable () -> [SourceLag]
    ) {
        (self.timers, self.lag) = (timers, lag)
    }
}
