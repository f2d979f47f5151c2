import Dataflow
package import Hummingbird
import Logging
package import Observability
package import Topology

/// The HTTP server of a running topology.
package final class HTTPDoor: Sendable {
    /// The port that is listened at.
    package let port: Int
    private let task: Task<Void, any Error>

    private init(port: Int, task: Task<Void, any Error>) {
        self.port = port
        self.task = task
    }

    /// Opens the door and returns once requests are taken.
    ///
    /// - Throws: `ServingError` where the address cannot be listened at.
    package static func open(at settings: HTTPSettings, router: Router<BasicRequestContext>) async throws -> HTTPDoor {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? settings.port) },
            logger: Logger(label: "gloss.http") { _ in SwiftLogNoOpLogHandler() })
        let task = Task {
            defer { continuation.finish() }
            try await application.run()
        }
        for await port in ports { return HTTPDoor(port: port, task: task) }
        var reason = "the server ended at once"
        if case .failure(let error) = await task.result { reason = "\(error)" }
        throw ServingError(
            """
            HTTP cannot listen at \(settings.address), which line \(settings.mark.line) of the topology names \
            (\(reason)): another program may be using it; choose another address, or port 0 for any that is free
            """)
    }

    /// Takes no more requests and ends those under way.
    package func close() async {
        task.cancel()
        _ = await task.result
    }
}

/// All that is served, put together.
package struct Doorway: Sendable {
    package let readiness: Readiness
    package let metrics: RunMetrics
    package let state = ServedState()
    package let shelf = EvidenceShelf()
    package let bell = EventBell()
    private let pool = ComputePool(name: "http", threads: 2)

    package init(readiness: Readiness, metrics: RunMetrics) {
        self.readiness = readiness
        self.metrics = metrics
    }

    /// The routes of every door.
    package func router(host: String, token: String?) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestGuard(host: host, token: token))
        HealthRoutes(readiness: readiness, metrics: metrics, state: state).add(to: router)
        LatentRoutes(state: state, shelf: shelf, pool: pool).add(to: router)
        EventRoute(state: state, bell: bell, pool: pool).add(to: router)
        return router
    }
}
