import Foundation
import NIOCore
import NIOHTTP1

/// Answers the requests of one connection.
final class RuleJudgeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: ServerLog
    private let key: String?
    private let batches: ServedBatches
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isUnderWay = false
    private var drip: RepeatedTask?

    init(log: ServerLog, key: String?, batches: ServedBatches) {
        self.batches = batches
        self.log = log
        self.key = key
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end: answer(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        drip?.cancel()
        finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head else { return }
        if let (status, body) = batches.answer(head.method.rawValue, head.uri, Array(body.readableBytesView)) {
            return send(context, status, body: body)
        }
        let addresses = ["/v1/chat/completions", "/v1/embeddings", "/v1/completions"]
        guard head.method == .POST, let address = addresses.firstIndex(of: head.uri) else {
            return send(context, 404, body: #"{"error":{"message":"there is no \#(head.uri)"}}"#)
        }
        let bytes = Array(body.readableBytesView)
        let authorization = head.headers.first(name: "authorization")
        let request = ReceivedRequest(
            authorization: authorization,
            chat: address == 0 ? try? JSONDecoder().decode(ReceivedChat.self, from: Data(bytes)) : nil,
            embeddings: address == 1 ? try? JSONDecoder().decode(ReceivedEmbeddings.self, from: Data(bytes)) : nil,
            completion: address == 2 ? try? JSONDecoder().decode(ReceivedCompletion.self, from: Data(bytes)) : nil,
            body: bytes)
        let behaviour = log.receive(request)
        isUnderWay = true
        if let key, authorization != "Bearer \(key)" {
            return send(context, 401, body: #"{"error":{"message":"wrong key","code":"invalid_api_key"}}"#)
        }
        guard request.chat != nil || request.embeddings != nil || request.completion != nil else {
            return send(context, 400, body: #"{"error":{"message":"neither a chat nor texts"}}"#)
        }
        perform(behaviour, request, context: context)
    }

    private func perform(_ behaviour: JudgeBehaviour, _ request: ReceivedRequest, context: ChannelHandlerContext) {
        switch behaviour {
        case .judges(let judging, let tokens):
            if let embeddings = request.embeddings {
                return send(context, 200, body: WordVectors.body(for: embeddings))
            }
            if let completion = request.completion {
                return send(context, 200, body: CompletionAnswer(to: completion, by: judging, tokens).body)
            }
            guard let answer = request.chat.flatMap({ ChatAnswer(to: $0, by: judging, tokens) }) else {
                return send(context, 400, body: #"{"error":{"message":"there is no rule in the prompt"}}"#)
            }
            send(context, 200, body: answer.body)
        case .says(let text): send(context, 200, body: request.chat.map { ChatAnswer(text, to: $0).body } ?? text)
        case .answers(let status, let headers, let body): send(context, status, headers: headers, body: body)
        case .waits:
            let promise = context.eventLoop.makePromise(of: Void.self)
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            promise.futureResult.whenSuccess {
                let (handler, context) = loopBound.value
                guard context.channel.isActive else { return }
                handler.perform(.judges(), request, context: context)
            }
            log.hold(promise)
        case .drips:
            begin(context, 200, headers: ["content-type": "application/json"])
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            drip = context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { _ in
                let (handler, context) = loopBound.value
                handler.write(" ", context)
            }
        case .resets:
            let provider = context.channel as? any SocketOptionProvider
            let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
            provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
                loopBound.value.close(promise: nil)
            }
        case .cuts:
            begin(context, 200, headers: ["content-type": "application/json", "content-length": "1000"])
            write(#"{"choices":[{"message":{"content":"[1"#, context)
            context.close(promise: nil)
        }
    }

    private func send(
        _ context: ChannelHandlerContext, _ status: Int, headers: [String: String] = [:], body: String
    ) {
        var headers = headers
        headers["content-length"] = "\(body.utf8.count)"
        finish()
        begin(context, status, headers: headers)
        write(body, context)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func begin(_ context: ChannelHandlerContext, _ status: Int, headers: [String: String]) {
        let fields = HTTPHeaders(headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    }

    private func finish() {
        if isUnderWay { log.finish() }
        isUnderWay = false
    }
}
