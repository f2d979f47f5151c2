import NIOCore
import StateFixtures
import Testing
import Topology

@testable import Serving

/// A server under clients that hold what they can, over real sockets.
@Suite(.timeLimit(.minutes(5))) struct CrowdedServerTests {
    private static let few = HTTPLimits(connections: 8, requestMilliseconds: 600_000, idleMilliseconds: 600_000)

    private func port(of server: RunningServer) throws -> Int {
        try #require(server.base.split(separator: ":").last.flatMap { Int($0) })
    }

    /// What those were sent that are closed first.
    private func texts(ofTheFirst count: Int, of clients: [RawClient]) async throws -> [String] {
        let (texts, continuation) = AsyncStream.makeStream(of: String.self)
        for client in clients { client.whenClosed { continuation.yield($0) } }
        return await texts.prefix(count).reduce(into: []) { $0.append($1) }
    }

    @Test func halfOpenRequestsKeepNobodyFromTheServer() async throws {
        try await RunningServer.with(limits: Self.few) { server async throws in
            let port = try port(of: server)
            var clients: [RawClient] = []
            for _ in 0..<100 {
                let client = try await RawClient.connect(to: port)
                try? await client.send("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n")
                clients.append(client)
            }
            let probe = try await RawClient.connect(to: port)
            try await probe.send("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            #expect(try await probe.head().hasPrefix("HTTP/1.1 200 OK"))
            // All but those that still have a place have been closed, without an answer.
            #expect(try await texts(ofTheFirst: 92, of: clients) == Array(repeating: "", count: 92))
            for client in clients { client.close() }
        }
    }

    @Test func aConnectionThatIsBeingAnsweredIsNotTheOneToLeave() async throws {
        try await RunningServer.with(limits: Self.few) { server async throws in
            let port = try port(of: server)
            let follower = try await RawClient.connect(to: port)
            try await follower.send("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(try await follower.head().hasPrefix("HTTP/1.1 200 OK"))
            var others: [RawClient] = []
            for _ in 0..<20 { others.append(try await RawClient.connect(to: port)) }
            _ = try await texts(ofTheFirst: 13, of: others)
            #expect(follower.channel.isActive)
            for client in others + [follower] { client.close() }
        }
    }

    @Test func anEndlessHeaderIsAnsweredWhileItsClientGoesOnSending() async throws {
        try await RunningServer.with { server async throws in
            let client = try await RawClient.connect(to: try port(of: server))
            try await client.send("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nx: ")
            let piece = String(repeating: "x", count: 1 << 16)
            // It never ends its header; the server closes before ten thousand such pieces.
            for _ in 0..<10_000 {
                do { try await client.send(piece) } catch { break }
            }
            let answer = try await client.untilClosed()
            #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
            #expect(answer.contains("\"code\":\"header_too_large\""))
        }
    }

    @Test func followersAreSentTheirLastChunkWhenTheServerCloses() async throws {
        var follower: RawClient?
        try await RunningServer.with { server async throws in
            let client = try await RawClient.connect(to: try port(of: server))
            try await client.send("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            _ = try await client.head()
            follower = client
        }
        let text = try #require(try await follower?.untilClosed())
        #expect(text.hasSuffix("\r\n0\r\n\r\n"))
    }

    @Test func aRequestThatIsNeverWholeDoesNotHoldUpTheClosing() async throws {
        var client: RawClient?
        try await RunningServer.with { server async throws in
            client = try await RawClient.connect(to: try port(of: server))
            try await client?.send("GET /livez HTTP/1.1\r\n")
            #expect(try await server.get("/livez").status == 200)
        }
        #expect(try await client?.untilClosed() == "")
    }

    @Test func asManyFollowAsMayAndNotOneMore() async throws {
        try await RunningServer.with { server async throws in
            let port = try port(of: server)
            let heads = try await withThrowingTaskGroup(of: (RawClient, String).self) { group in
                for _ in 0..<150 {
                    group.addTask {
                        let client = try await RawClient.connect(to: port)
                        try await client.send("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                        return (client, try await client.head())
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(heads.count { $0.1.hasPrefix("HTTP/1.1 200 ") } == 64)
            #expect(heads.count { $0.1.hasPrefix("HTTP/1.1 503 ") } == 86)
            for (client, _) in heads { client.close() }
        }
    }

    @Test(arguments: [
        ("/v1/latents", "127.0.0.1:80@evil.example", 421), ("/v1/latents", "user@127.0.0.1", 421),
        ("http://evil.example/v1/latents", "127.0.0.1", 421),
        ("http://127.0.0.1@evil.example/v1/latents", "127.0.0.1", 421),
        ("evil.example/v1/latents", "127.0.0.1", 400), ("http://127.0.0.1/v1/latents", "127.0.0.1", 200),
        ("/v1/latents", "127.0.0.1:80", 200),
    ]) func onlyRequestsForThisMachineAreAnswered(target: String, host: String, status: Int) async throws {
        try await RunningServer.with { server async throws in
            let client = try await RawClient.connect(to: try port(of: server))
            try await client.send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
            #expect(try await client.head().prefix(13) == "HTTP/1.1 \(status) ")
            client.close()
        }
    }
}
