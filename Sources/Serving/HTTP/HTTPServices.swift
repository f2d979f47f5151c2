import Dataflow
package import Hummingbird
package import Observability

/// The routes and the values they are served from.
package struct HTTPServices: Sendable {
    package let readiness: Readiness
    package let metrics: RunMetrics
    package let state = ServedState()
    package let latestEvidence: LatestEvidence
    package let changes: ChangeSignal
    private let pool = ComputePool(name: "http", threads: 2)

    /// The name of the topology.
    private let topology: String

    package init(readiness: Readiness, metrics: RunMetrics, topology: String = "") {
        let changes = ChangeSignal()
        self.changes = changes
        latestEvidence = LatestEvidence { [state] in
            state.served?.sheets.evidenceCame()
            changes.send()
        }
        self.topology = topology
        self.readiness = readiness
        self.metrics = metrics
    }

    /// The routes, for requests that name `host` and, if there is a `token`, carry it or come from a browser that has signed in;
    /// those that change something only with `writes`.
    ///
    /// - Parameters:
    ///   - hasResults: Whether there are latents, events and pages to serve; else health, metrics and the topology alone.
    ///   - now: The time, by which sessions of browsers end.
    package func router(
        host: String, token: String?, writes: WriteAccess? = nil, hasResults: Bool = true,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) -> Router<BasicRequestContext> {
        let signIn = token.map { SignIn(token: $0, topology: topology, now: now) }
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: HeadAnswers())
        router.add(middleware: RequestCount(metrics: metrics))
        router.add(middleware: RequestGuard(host: host, token: token, writeToken: writes?.token, signIn: signIn))
        router.add(middleware: NotFoundMiddleware(topology: topology, hasResults: hasResults))
        HealthRoutes(
            readiness: readiness, metrics: metrics, state: state, figures: StateFiguresReader(), pool: pool
        ).add(to: router)
        let dashboards = ServedDashboard(
            topology: topology, configuration: metrics.configuration, asksForToken: token != nil,
            takesChanges: writes != nil)
        if let signIn { SignInRoutes(signIn: signIn).add(to: router) }
        ConfigRoute(configuration: metrics.configuration, topology: topology).add(to: router)
        OpenAPIRoute().add(to: router)
        if hasResults { addResults(to: router, dashboards) }
        if let writes {
            WriteRoutes(access: writes, readiness: readiness, pool: pool).add(to: router)
            WriteLatentRoutes(access: writes, readiness: readiness, pool: pool).add(to: router)
        }
        return router
    }

    private func addResults(to router: Router<BasicRequestContext>, _ dashboards: ServedDashboard) {
        LatentRoutes(state: state, latestEvidence: latestEvidence, pool: pool).add(to: router)
        PageRoutes(state: state, pool: pool, dashboards: dashboards).add(to: router)
        PipelineRoutes(state: state, readiness: readiness, pool: pool, dashboards: dashboards).add(to: router)
        ProbeRoute(state: state).add(to: router)
        TrialRoute(state: state).add(to: router)
        SheetRoutes(state: state, pool: pool).add(to: router)
        FeatureRoute(state: state, pool: pool).add(to: router)
        ScoreRoutes(state: state, pool: pool).add(to: router)
        EventRoute(state: state, changes: changes, pool: pool).add(to: router)
    }
}
