import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Serving

/// A watched connection on a loop whose time the test moves.
@Suite struct ConnectionWatchTests {
    private let channel = EmbeddedChannel()

    init() throws {
        let pipeline = channel.pipeline.syncOperations
        let watch = ConnectionWatch(limits: ConnectionTimesTests.limits, now: channel.eventLoop.now) { _ in }
        try pipeline.addHandler(watch)
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = ConnectionLimits.headerBytes
        decoding.maxHeaderListSize = ConnectionLimits.headerBytes
        decoding.maxHeaderFieldCount = ConnectionLimits.headerFields
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoding)
        try pipeline.addHandler(RequestWatch(watch))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
    }

    private func receive(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    private func sent() throws -> String {
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    private func answer() throws {
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    private func pass(_ seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

    @Test func aHeaderThatDoesNotEndIsAnsweredAndClosed() throws {
        try receive("GET /livez HTTP/1.1\r\n")
        for _ in 0..<9 {
            pass(1)
            try receive("a: b\r\n")
        }
        #expect(try sent() == "")
        pass(1)
        let answer = try sent()
        #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(answer.contains("connection: close\r\n"))
        #expect(answer.hasSuffix("not whole after 10000 ms\"}}\n"))
        // What comes afterwards is nobody's request.
        try receive("Host: x\r\n\r\n")
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
        pass(2)
        #expect(!channel.isActive)
    }

    @Test func aConnectionThatAsksForNothingIsClosedWithoutAWord() throws {
        pass(74)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
        #expect(try sent() == "")
    }

    @Test func anAnsweredConnectionHasItsIdleTimeAnew() throws {
        pass(70)
        try receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        pass(1_000)
        #expect(channel.isActive)
        try answer()
        pass(74)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test func aRequestInItsTimeIsNotHurriedByTheTimerOfTheOneBefore() throws {
        for _ in 0..<20 {
            try receive("GET / HTTP/1.1\r\n")
            pass(6)
            try receive("Host: x\r\n\r\n")
            try answer()
            _ = try sent()
            #expect(channel.isActive)
        }
    }

    @Test(arguments: [
        String(repeating: "x", count: ConnectionLimits.headerBytes),
        String(repeating: "a: b\r\n", count: ConnectionLimits.headerFields + 1),
    ]) func aHeaderWithoutEndOrBoundIsRefusedAtItsLimit(header: String) throws {
        try receive("GET / HTTP/1.1\r\nx: ")
        try receive(header)
        #expect(try sent().hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
        for _ in 0..<100 { try receive(header) }
        #expect(try sent() == "")
        pass(2)
        #expect(!channel.isActive)
    }

    @Test func whatIsNotHTTPIsRefused() throws {
        try receive("\u{16}\u{3}\u{1} hello\r\n\r\n")
        let answer = try sent()
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains("\"code\":\"bad_request\""))
    }

    @Test func anAnswerUnderWayIsNotMixedWithARefusal() throws {
        try receive("GET / HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
        #expect(try sent() == "")
        #expect(!channel.isActive)
    }
}
