import Dataflow
import Jobs
import Observability
import StateFixtures
import Store

@testable import Stages

extension Fixture {
    /// A ledger that writes into a store and tells nobody.
    static func ledger(_ store: Store, progress: RunProgress = RunProgress()) -> JobLedger {
        JobLedger(
            results: store, disk: ComputePool<Void>(name: "disk", threads: 1), progress: progress, targets: [:],
            metrics: RunMetrics(progress: progress, version: "", topology: "", digest: ""),
            spend: SpendBook(budget: nil), onRecorded: {})
    }
}
