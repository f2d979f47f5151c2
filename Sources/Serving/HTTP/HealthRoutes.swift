import Hummingbird
import Observability

/// `/livez`, `/readyz` and `/metrics`.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    let metrics: RunMetrics
    let state: ServedState

    private struct Report: Encodable {
        let ready: Bool
        let phase: String
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/livez") { _, _ in Answer.plain("ok\n") }
        router.get("/readyz") { _, _ in
            let phase = readiness.phase
            return try Answer.json(
                Report(ready: phase == .running, phase: phase.rawValue),
                status: phase == .running ? .ok : .serviceUnavailable)
        }
        router.get("/metrics") { _, _ in
            let served = state.served
            return Answer.plain(
                metrics.render(timers: served?.timers ?? [], lag: served?.lag() ?? []),
                type: PrometheusMetricsFactory.contentType)
        }
    }
}
