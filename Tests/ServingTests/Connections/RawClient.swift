import NIOCore
import NIOPosix

/// A connection that sends what the test says, HTTP or not.
struct RawClient: Sendable {
    let channel: any Channel
    /// All that the server has sent, once it has closed the connection.
    private let whole: EventLoopFuture<String>
    /// What the server has sent until the first blank line.
    private let first: EventLoopFuture<String>

    static func connect(to port: Int) async throws -> RawClient {
        let group = MultiThreadedEventLoopGroup.singleton
        let loop = group.next()
        let (whole, first) = (loop.makePromise(of: String.self), loop.makePromise(of: String.self))
        let channel = try await ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Collector(whole: whole, first: first))
            }
        }.connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, whole: whole.futureResult, first: first.futureResult)
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)).get() }
    func untilClosed() async throws -> String { try await whole.get() }
    func whenClosed(_ body: @escaping @Sendable (String) -> Void) { whole.whenSuccess(body) }
    func head() async throws -> String { try await first.get() }
    func close() { channel.close(promise: nil) }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private var text = ""
        private let whole: EventLoopPromise<String>
        private let first: EventLoopPromise<String>

        init(whole: EventLoopPromise<String>, first: EventLoopPromise<String>) {
            self.whole = whole
            self.first = first
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            if text.contains("\r\n\r\n") { first.succeed(text) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelInactive(context: ChannelHandlerContext) {
            first.succeed(text)
            whole.succeed(text)
        }
    }
}
