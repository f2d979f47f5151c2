import Foundation
import Hummingbird
import Observability

/// `/livez`, `/readyz` and `/metrics`.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    let metrics: RunMetrics
    let state: ServedState

    private struct Report: Encodable {
        /// A source or sink whose brokers do not answer, or whose topics are not there.
        struct Unreachable: Encodable {
            let node: String
            let role: String
            let seconds: Int
        }

        let ready: Bool
        let phase: String
        /// Left out where there is none.
        ///
        /// It names no addresses, since this is answered without a token.
        let unreachable: [Unreachable]?
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/livez") { _, _ in Answer.plain("ok\n") }
        router.get("/readyz") { _, _ in
            let (phase, unreachable) = (readiness.phase, unreachable)
            let isReady = phase == .running && unreachable.isEmpty
            return try Answer.json(
                Report(
                    ready: isReady, phase: phase.rawValue, unreachable: unreachable.isEmpty ? nil : unreachable),
                status: isReady ? .ok : .serviceUnavailable)
        }
        router.get("/metrics") { _, _ in
            let served = state.served
            return Answer.plain(
                metrics.render(timers: served?.timers ?? [], lag: served?.lag() ?? []),
                type: PrometheusMetricsFactory.contentType)
        }
    }

    private var unreachable: [Report.Unreachable] {
        metrics.unreachable.map { node, reach in
            Report.Unreachable(
                node: node, role: reach.role.rawValue,
                seconds: Int(max(0, -(reach.lostAt ?? Date()).timeIntervalSinceNow).rounded(.down)))
        }
    }
}
