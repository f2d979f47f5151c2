import NIOCore

/// Accepts nothing for a moment after the system had no descriptor or memory for a connection.
///
/// Without it the system goes on to say that a connection waits, and the server spins over it. NIO's own
/// `AcceptBackoffHandler` holds back its next read only: the one under way stays asked for.
final class AcceptBackoff: ChannelInboundHandler {
    typealias InboundIn = any Channel

    static let pause = TimeAmount.milliseconds(500)

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError else { return context.fireErrorCaught(error) }
        let channel = context.channel
        guard let options = channel.syncOptions, (try? options.getOption(.autoRead)) == true else { return }
        try? options.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            try? options.setOption(.autoRead, value: true)
        }
    }
}
