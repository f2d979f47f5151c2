import NIOCore
import NIOHTTP1
import NIOPosix

/// An OpenAI-compatible server on a loopback port that answers Gloss's prompts by rule, or misbehaves as told.
public final class RuleJudgeServer: Sendable {
    /// The port, which nobody else is given before the server is forgotten: after `stop` connections are refused.
    public var port: Int { held.number }
    /// Its files and batches.
    public let batches: ServedBatches
    private let log: ServerLog
    private let channel: any Channel
    private let connections: Connections
    private let held: HeldPort

    /// Starts a server that judges truthfully.
    /// - Parameters:
    ///   - port: The port; 0 for a free one.
    ///   - key: The bearer token without which requests are answered 401; `nil` for none.
    public static func start(port: Int = 0, key: String? = nil) async throws -> RuleJudgeServer {
        let held = try HeldPort(port)
        let log = ServerLog()
        let connections = Connections()
        let batches = ServedBatches()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(ChannelOptions.backlog, value: 256)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        RuleJudgeHandler(log: log, key: key, batches: batches))
                }
            }
            .bind(host: "127.0.0.1", port: held.number).get()
        return RuleJudgeServer(
            held: held, log: log, channel: channel, connections: connections, batches: batches)
    }

    private init(
        held: HeldPort, log: ServerLog, channel: any Channel, connections: Connections, batches: ServedBatches
    ) {
        self.held = held
        self.batches = batches
        self.log = log
        self.channel = channel
        self.connections = connections
    }

    /// The address as topologies give it.
    public var endpoint: String { "http://127.0.0.1:\(port)/v1" }
    /// The chat requests so far, in the order they came.
    public var requests: [ReceivedRequest] { log.requests }
    /// The most requests that were under way at a time.
    public var mostUnderWay: Int { log.mostUnderWay }

    /// From now on does `behaviours` with the next requests, in turn, and `then` with those behind them.
    public func expect(_ behaviours: JudgeBehaviour..., then behaviour: JudgeBehaviour = .judges()) {
        expect(behaviours, then: behaviour)
    }

    /// From now on does `behaviours` with the next requests, in turn, and `then` with those behind them.
    public func expect(_ behaviours: [JudgeBehaviour], then behaviour: JudgeBehaviour = .judges()) {
        log.set(first: behaviours, then: behaviour)
    }

    /// Returns once so many requests have come.
    public func received(_ count: Int) async { await log.wait(for: count) }

    /// Answers what waits, and whatever comes until the next `expect`.
    public func release() { log.release() }

    /// Closes the port and all connections.
    public func stop() async {
        log.release()
        try? await channel.close().get()
        await connections.close()
    }
}
