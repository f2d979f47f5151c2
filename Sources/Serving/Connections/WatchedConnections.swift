import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// HTTP/1.1 over connections whose times are kept and whose number is bounded.
struct WatchedConnections: ServerChildChannel {
    private let http: HTTP1Channel
    private let limits: ConnectionLimits
    private let table: ConnectionTable

    /// The builder of a server with these connections.
    static func builder(limits: ConnectionLimits, table: ConnectionTable) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let bytes = ConnectionLimits.headerBytes
            let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: bytes, maxHeaderListSize: bytes, maxHeaderFieldCount: ConnectionLimits.headerFields)
            return WatchedConnections(
                http: HTTP1Channel(responder: responder, configuration: .init(httpDecoderConfiguration: decoder)),
                limits: limits, table: table)
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        guard let id = table.enter(channel) else {
            return channel.eventLoop.makeFailedFuture(ChannelError.alreadyClosed)
        }
        return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let watch = ConnectionWatch(limits: limits, now: channel.eventLoop.now) { [table] isWaiting in
                table.changed(id, isWaiting: isWaiting)
            }
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(watch, position: .first)
            try pipeline.addHandler(RequestWatch(watch), position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await http.handle(value: value, logger: logger) }
}
