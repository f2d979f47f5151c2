import NIOCore

/// Keeps the times of one connection: closes it when they are over, and answers a client that is refused.
///
/// The first handler of the connection, so that it sees bytes that are no request yet; `RequestWatch` tells it of requests.
final class ConnectionWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limits: ConnectionLimits
    private let onChange: (_ isWaitingForClient: Bool) -> Void
    private var times: ConnectionTimes
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var wasWaiting = true

    /// - Parameter onChange: Called when the connection begins or ends to wait for its client.
    init(limits: ConnectionLimits, now: NIODeadline, onChange: @escaping (_ isWaitingForClient: Bool) -> Void) {
        self.limits = limits
        self.onChange = onChange
        times = ConnectionTimes(limits: limits, now: now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        look()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What a refused client still sends is dropped.
        guard !times.isRefused else { return }
        change { $0.bytesCame(at: $1) }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Those who would ask for more have nothing to wait for; without reading, the client's last bytes would make
        // the system reset the connection before the client has read its answer.
        if times.isRefused { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        change { $0.becameWritable(isWritable, at: $1) }
        context.fireChannelWritabilityChanged()
    }

    func headCame() { change { $0.headCame(at: $1) } }
    func requestEnded() { change { times, _ in times.requestEnded() } }
    func answerEnded() { change { $0.answerEnded(at: $1) } }

    /// Answers what is no request and ends the connection; one whose answer is on its way is only closed.
    func refuse(_ refusal: Refusal) {
        guard let context, !times.isRefused else { return }
        guard !times.isAnswering else { return context.close(promise: nil) }
        change { $0.refused(at: $1) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: refusal.text)), promise: nil)
        context.close(mode: .output, promise: nil)
        context.read()
    }

    private func change(_ change: (inout ConnectionTimes, NIODeadline) -> Void) {
        guard let context else { return }
        change(&times, context.eventLoop.now)
        if times.isWaitingForClient != wasWaiting {
            wasWaiting = times.isWaitingForClient
            onChange(wasWaiting)
        }
        // A timer that is too early looks again when it is due: most requests set none.
        if let deadline = times.deadline, timer == nil || deadline < due { look() }
    }

    private var due = NIODeadline.distantFuture

    private func look() {
        timer?.cancel()
        timer = nil
        guard let context else { return }
        switch times.ending(at: context.eventLoop.now) {
        case .idle, .refused: return context.close(promise: nil)
        case .unfinishedRequest: refuse(.tooSlow(limits))
        case nil: break
        }
        guard let deadline = times.deadline else { return }
        due = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.look() }
    }
}
