package import Hummingbird
import Logging
import NIOCore
package import Topology

/// The HTTP server of a running topology.
package final class HTTPServer: Sendable {
    /// The port that the server listens at.
    package let port: Int
    /// The connections that may be open at once.
    package var connections: Int { limits.connections }
    private let limits: ConnectionLimits
    private let channel: any Channel
    private let table: ConnectionTable
    private let task: Task<Void, any Error>

    private init(
        channel: any Channel, port: Int, limits: ConnectionLimits, table: ConnectionTable,
        task: Task<Void, any Error>
    ) {
        self.channel = channel
        self.port = port
        self.limits = limits
        self.table = table
        self.task = task
    }

    /// Starts a server and returns once it takes requests.
    ///
    /// - Parameter descriptors: The files and sockets that the process may open: connections leave room for others.
    /// - Throws: `ServingError` if it cannot listen at the address.
    package static func start(
        at settings: HTTPSettings, router: Router<BasicRequestContext>, descriptors: Int
    ) async throws -> HTTPServer {
        let limits = ConnectionLimits(settings.limits, descriptors: descriptors)
        let table = ConnectionTable(limit: limits.connections)
        let (channels, continuation) = AsyncStream.makeStream(of: (any Channel).self)
        var configuration = ApplicationConfiguration(address: .hostname(settings.host, port: settings.port))
        configuration.availableConnectionsDelegate = ConnectionGate(table: table)
        let application = Application(
            router: router, server: WatchedConnections.builder(limits: limits, table: table),
            configuration: configuration,
            onServerRunning: { channel in
                try? await prepare(channel)
                continuation.yield(channel)
            },
            logger: Logger(label: "gloss.http") { _ in SwiftLogNoOpLogHandler() })
        let task = Task {
            defer { continuation.finish() }
            try await application.run()
        }
        for await channel in channels {
            return HTTPServer(
                channel: channel, port: channel.localAddress?.port ?? settings.port, limits: limits, table: table,
                task: task)
        }
        var reason = "the server ended at once"
        if case .failure(let error) = await task.result { reason = "\(error)" }
        throw ServingError(
            """
            HTTP cannot listen at \(settings.address), which line \(settings.mark.line) of the topology names \
            (\(reason)): another program may be using it; choose another address, or port 0 for any that is free
            """)
    }

    private static func prepare(_ channel: any Channel) async throws {
        // One connection at a time, or several are accepted after a place was found for one.
        try await channel.setOption(.maxMessagesPerRead, value: 1).get()
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptBackoff(), position: .first)
        }.get()
    }

    /// Takes no more requests and ends those under way; a client that does not take its answer in time is cut off.
    package func close(within patience: TimeAmount = .seconds(3)) async {
        let deadline = channel.eventLoop.scheduleTask(in: patience) { [task] in task.cancel() }
        await withTaskCancellationHandler {
            try? await channel.close().get()
            table.close()
            _ = await task.result
        } onCancel: {
            task.cancel()
        }
        deadline.cancel()
    }
}
