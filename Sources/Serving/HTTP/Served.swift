package import Dataflow
package import Elements
package import LatentSheets
package import Observability
package import Store
import Synchronization

/// The values that can be served after the daemon has opened its state.
package struct Served: Sendable {
    /// The state, read by a connection of its own so that a slow answer holds up no checkpoint.
    package let reader: StoreReader
    /// A name of the state that another state directory does not have.
    package let stateName: String
    /// The timers of every node, with the node's type.
    package let timers: [(type: String, timers: StageTimers)]
    /// The number of records of each partition that wait to be read.
    package let lag: @Sendable () -> [SourceLag]
    /// What is served of latents beside their results.
    package let sheets: ServedSheets
    /// The coders of the topology.
    package var coders: [CoderIdentity] { sheets.reader.coders.map(\.identity) }
    /// By coder: what reads texts as its corpus is read; none of a coder whose subject does not run here.
    package let probes: [String: any TextProbe]
    /// By model: since when its server has been away, in milliseconds since 1970.
    package let away: @Sendable () -> [String: Int64]

    package init(
        reader: StoreReader, stateName: String, sheets: ServedSheets,
        probes: [String: any TextProbe] = [:],
        timers: [(type: String, timers: StageTimers)],
        lag: @escaping @Sendable () -> [SourceLag], away: @escaping @Sendable () -> [String: Int64] = { [:] }
    ) {
        self.reader = reader
        self.sheets = sheets
        self.probes = probes
        self.stateName = stateName
        self.timers = timers
        self.lag = lag
        self.away = away
    }

    /// The same with the timers and the sheets of a changed topology.
    package func replacing(timers: [(type: String, timers: StageTimers)], sheets: ServedSheets) -> Served {
        Served(
            reader: reader, stateName: stateName, sheets: sheets, probes: probes, timers: timers, lag: lag, away: away)
    }
}

/// Gives routes the values to serve, as soon as the daemon has opened its state.
package final class ServedState: Sendable {
    private let held = Mutex<Served?>(nil)

    /// The values to serve; `nil` while the daemon starts.
    package var served: Served? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
