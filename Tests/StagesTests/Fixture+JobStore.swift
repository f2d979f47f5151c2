import Dataflow
import Jobs
import Observability
import StateFixtures
import Store

@testable import Stages

extension Fixture {
    /// A jobStore that writes into a store and tells nobody.
    static func jobStore(
        _ store: Store, progress: RunProgress = RunProgress(), metrics: RunMetrics? = nil
    ) -> JobStore {
        JobStore(
            results: store, disk: ComputePool<Void>(name: "disk", threads: 1), progress: progress, targets: [:],
            metrics: metrics ?? RunMetrics(progress: progress, version: "", topology: "", digest: ""),
            spend: BudgetLedger(budget: nil), onRecorded: {})
    }
}
