import Dataflow
import Foundation
import Hummingbird
import Observability

/// `/livez`, `/readyz` and `/metrics`.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    let metrics: RunMetrics
    let state: ServedState
    let figures: StateFiguresReader
    let pool: ComputePool<Void>

    private struct Report: Encodable {
        /// A source or sink whose brokers do not answer, or whose topics are not there.
        struct Unreachable: Encodable {
            let node: String
            let role: String
            let seconds: Int
        }

        /// A model whose server does not answer, so that jobs wait for it.
        struct Away: Encodable {
            let model: String
            let seconds: Int
        }

        let ready: Bool
        let phase: String
        /// Left out where there is none.
        ///
        /// It names no addresses, since this is answered without a token.
        let unreachable: [Unreachable]?
        /// The models whose servers are away; left out where there is none.
        let away: [Away]?
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/livez") { _, _ in Answer.plain("ok\n") }
        router.get("/readyz") { _, _ in
            let (phase, unreachable) = (readiness.phase, unreachable)
            let away = away
            // Not without a judge: what is read still grows and all that is known is served, so that a pod which is not
            // sent requests for want of a judge would be of less use to nobody's gain.
            let isReady = (phase == .running || phase == .reloading) && unreachable.isEmpty
            return try Answer.json(
                Report(
                    ready: isReady, phase: phase.rawValue, unreachable: unreachable.isEmpty ? nil : unreachable,
                    away: away.isEmpty ? nil : away),
                status: isReady ? .ok : .serviceUnavailable)
        }
        router.get("/metrics") { _, _ in
            let served = state.served
            let stored = await figures.reading { try await pool.run { _ in try served?.figures() } }
            let flow = served.map { MeasuredFlow(timers: $0.timers, lag: $0.lag) } ?? state.flow
            return Answer.plain(
                metrics.render(timers: flow?.timers ?? [], lag: flow?.lag() ?? [], figures: stored),
                type: PrometheusMetricsFactory.contentType)
        }
    }

    private var away: [Report.Away] {
        metrics.away.map { model, since in
            Report.Away(model: model, seconds: Int(max(0, -since.timeIntervalSinceNow).rounded(.down)))
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
