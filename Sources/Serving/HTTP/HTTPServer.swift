package import Hummingbird
import Logging
package import Topology

/// The HTTP server of a running topology.
package final class HTTPServer: Sendable {
    /// The port that the server listens at.
    package let port: Int
    private let task: Task<Void, any Error>

    private init(port: Int, task: Task<Void, any Error>) {
        self.port = port
        self.task = task
    }

    /// Starts a server and returns once it takes requests.
    ///
    /// - Throws: `ServingError` if it cannot listen at the address.
    package static func start(at settings: HTTPSettings, router: Router<BasicRequestContext>) async throws -> HTTPServer
    {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? settings.port) },
            logger: Logger(label: "gloss.http") { _ in SwiftLogNoOpLogHandler() })
        let task = Task {
            defer { continuation.finish() }
            try await application.run()
        }
        for await port in ports { return HTTPServer(port: port, task: task) }
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
