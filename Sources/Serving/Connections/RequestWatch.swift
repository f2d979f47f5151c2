import NIOCore
import NIOHTTP1

/// Tells a connection's watch of requests and answers, and has it refuse what cannot be read as a request.
final class RequestWatch: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: ConnectionWatch

    init(_ connection: ConnectionWatch) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard let head = Self.withOwnHost(head) else { return connection.refuse(.notHTTP) }
            connection.headCame()
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body: context.fireChannelRead(data)
        case .end:
            connection.requestEnded()
            context.fireChannelRead(data)
        }
    }

    /// The head of a request with the host that its target names, if it is a URL, in place of its `Host`; `nil` if the
    /// target is neither a URL nor a path.
    ///
    /// Source: RFC 9112, section 3.2.2. Those who decide by the host must not be told another than is meant.
    static func withOwnHost(_ head: HTTPRequestHead) -> HTTPRequestHead? {
        if head.uri.hasPrefix("/") { return head }
        guard let scheme = head.uri.firstRange(of: "://") else { return nil }
        var head = head
        head.headers.replaceOrAdd(
            name: "Host", value: String(head.uri[scheme.upperBound...].prefix { !"/?#".contains($0) }))
        return head
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        context.write(data, promise: promise)
        if case .end = part { connection.answerEnded() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: connection.refuse(.tooLarge)
        case is HTTPParserError: connection.refuse(.notHTTP)
        default: context.fireErrorCaught(error)
        }
    }
}
