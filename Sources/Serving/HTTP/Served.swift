package import Dataflow
package import Elements
package import LatentSheets
package import Observability
package import PipelineSheets
package import Store
import Synchronization

/// The values that can be served after the daemon has opened its state.
package struct Served: Sendable {
    /// The state, read by a connection of its own so that a slow answer holds up no checkpoint.
    package let reader: StoreReader
    /// A name of the state that another state directory does not have.
    package let stateName: String
    /// The timers of every node, with the node's type.
    package private(set) var timers: [(type: String, timers: StageTimers)]
    /// The number of records of each partition that wait to be read.
    package let lag: @Sendable () -> [SourceLag]
    /// What is served of latents beside their results.
    package private(set) var sheets: ServedSheets
    /// What is served of the topology itself; `nil` if the topology is not known.
    package private(set) var pipeline: ServedPipeline?
    /// The coders of the topology.
    package var coders: [CoderIdentity] { sheets.reader.coders.map(\.identity) }
    /// By coder: what reads texts as its corpus is read; none of a coder whose subject does not run here.
    package let probes: [String: any TextProbe]
    /// What finds labels by their meaning; `nil` if no sentence encoder runs here.
    package private(set) var meaning: (any MeaningSearch)?
    /// By coder: what scores explanations that somebody tries; none where no daemon runs.
    package private(set) var trials: [String: any ExplanationTrial]
    let trialGate = TrialGate()
    /// By model: since when its server has been away, in milliseconds since 1970.
    package let away: @Sendable () -> [String: Int64]

    package init(
        reader: StoreReader, stateName: String, sheets: ServedSheets,
        pipeline: ServedPipeline? = nil, probes: [String: any TextProbe] = [:],
        meaning: (any MeaningSearch)? = nil, trials: [String: any ExplanationTrial] = [:],
        timers: [(type: String, timers: StageTimers)],
        lag: @escaping @Sendable () -> [SourceLag], away: @escaping @Sendable () -> [String: Int64] = { [:] }
    ) {
        self.reader = reader
        self.sheets = sheets
        self.pipeline = pipeline
        self.probes = probes
        self.meaning = meaning
        self.trials = trials
        self.stateName = stateName
        self.timers = timers
        self.lag = lag
        self.away = away
    }

    /// The same after explain and score nodes were built anew, with what is served of these.
    package func replacing(
        timers: [(type: String, timers: StageTimers)], sheets: ServedSheets, meaning: (any MeaningSearch)?,
        trials: [String: any ExplanationTrial]
    ) -> Served {
        var served = self
        (served.timers, served.sheets, served.meaning, served.trials) = (timers, sheets, meaning, trials)
        pipeline?.watch(timers.map(\.timers))
        return served
    }

    /// The same with the sheet of a changed topology.
    package func telling(of graph: PipelineSheet) -> Served {
        var served = self
        served.pipeline = pipeline?.telling(of: graph)
        return served
    }
}

/// Gives routes the values to serve, as soon as the daemon has opened its state.
package final class ServedState: Sendable {
    private let held = Mutex<Served?>(nil)
    private let measured = Mutex<MeasuredFlow?>(nil)

    /// The values to serve; `nil` while the daemon starts.
    package var served: Served? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }

    /// What flows in a daemon that has no results to serve; `nil` in any other, and while it starts.
    package var flow: MeasuredFlow? {
        get { measured.withLock { $0 } }
        set { measured.withLock { $0 = newValue } }
    }
}
