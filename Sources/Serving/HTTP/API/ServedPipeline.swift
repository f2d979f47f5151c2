import Dataflow
package import Foundation
package import PipelineSheets
package import Store
import Synchronization

/// What is served of the topology itself: its graph, what its state says and, of a daemon, what flows.
package final class ServedPipeline: Sendable {
    private let graph: PipelineSheet
    private let store: any StoreReading
    private let meter: PipelineMeter?
    private let counted = Mutex<(counts: StoredCounts, at: ContinuousClock.Instant)?>(nil)

    /// How old counts of the state may be: with very many jobs counting takes a while.
    private static let patience = Duration.seconds(2)

    /// Makes one; without a meter there is no run to tell of.
    package init(graph: PipelineSheet, store: any StoreReading, meter: PipelineMeter?) {
        (self.graph, self.store, self.meter) = (graph, store, meter)
    }

    /// The sheet as all stands now; blocks.
    package func sheet(phase: String, at date: Date = Date()) throws -> PipelineSheet {
        let counts = try counts()
        if let meter { return meter.sheet(of: graph, counts, phase: phase, at: date) }
        var sheet = graph
        counts.fill(&sheet)
        return sheet
    }

    /// The same run by a changed topology.
    func telling(of graph: PipelineSheet) -> ServedPipeline {
        ServedPipeline(graph: graph, store: store, meter: meter)
    }

    /// From now on what flows is told by these timers.
    func watch(_ timers: [StageTimers]) { meter?.watch(timers) }

    private func counts() throws -> StoredCounts {
        if let known = counted.withLock({ $0 }), ContinuousClock.now - known.at < Self.patience { return known.counts }
        let counts = try StoredCounts(of: store)
        counted.withLock { $0 = (counts, .now) }
        return counts
    }
}
