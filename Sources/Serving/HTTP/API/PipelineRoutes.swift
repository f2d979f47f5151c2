import Dashboard
import Dataflow
import Hummingbird
import PipelineSheets

/// `/api/v1/pipeline` and the page `/pipeline`.
struct PipelineRoutes: Sendable {
    let state: ServedState
    let readiness: Readiness
    let pool: ComputePool<Void>
    let dashboards: ServedDashboard

    private static let unknown =
        "this state does not say by which topology it was made: give it to `gloss serve` with --topology"

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/v1/pipeline") { _, _ in
            guard let served = state.served else { return Answer.starting }
            guard let pipeline = served.pipeline else {
                return Answer.failure(.notFound, code: "unknown_topology", Self.unknown)
            }
            return Answer.json(
                try await pool.run { [readiness] _ in
                    try SheetJSON.text(try pipeline.sheet(phase: readiness.phase.rawValue))
                })
        }
        router.get("/pipeline") { _, _ in
            let dashboard = dashboards.now
            guard let served = state.served else { return PageAnswer.starting(dashboard) }
            guard let pipeline = served.pipeline else {
                return PageAnswer.html(dashboard.missing("No topology", Self.unknown), status: .notFound)
            }
            return PageAnswer.html(
                try await pool.run { [readiness] _ in
                    dashboard.pipeline(try pipeline.sheet(phase: readiness.phase.rawValue))
                })
        }
    }
}
