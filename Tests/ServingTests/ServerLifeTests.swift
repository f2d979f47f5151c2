import Hummingbird
import NIOCore
import NIOPosix
import Observability
import StateFixtures
import Testing
import Topology

@testable import Serving

/// Starting and closing of the server, and whose names are this machine's.
@Suite(.timeLimit(.minutes(5))) struct ServerLifeTests {
    private let services: HTTPServices

    init() {
        let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "tiny", digest: "ab")
        services = HTTPServices(readiness: Readiness(), metrics: metrics)
    }

    private func start(_ address: String) async throws -> HTTPServer {
        try await HTTPServer.start(
            at: RunningServer.settings(address), router: services.router(host: "127.0.0.1", token: nil),
            descriptors: 4096)
    }

    private func isListening(_ port: Int) async -> Bool {
        let connecting = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port)
        guard let channel = try? await connecting.get() else { return false }
        try? await channel.close().get()
        return true
    }

    @Test func aServerListensOnceItHasStartedAndNotOnceItIsClosed() async throws {
        let server = try await start("127.0.0.1:0")
        #expect(server.port != 0)
        #expect(await isListening(server.port))
        await server.close()
        #expect(await !isListening(server.port))
        // Closing again has nothing to wait for.
        await server.close()
    }

    @Test func aPortIsFreeForTheNextServerAsSoonAsItIsClosed() async throws {
        let first = try await start("127.0.0.1:0")
        await first.close()
        for _ in 0..<3 {
            let next = try await start("127.0.0.1:\(first.port)")
            #expect(next.port == first.port)
            await next.close()
        }
    }

    @Test func anAddressOfNoInterfaceSaysWhichLineNamesItAndWhatToDo() async throws {
        // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
        let error = await #expect(throws: ServingError.self) {
            let server = try await start("192.0.2.1:8080")
            await server.close()
        }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("HTTP cannot listen at 192.0.2.1:8080, which line 3 of the topology names ("))
        #expect(
            text.hasSuffix(
                "): another program may be using it; choose another address, or port 0 for any that is free"))
    }

    @Test(arguments: [
        ("gloss.example", true), ("GLOSS.Example:8080", true), ("localhost:1", true), ("gloss.example.evil", false),
        ("evil.gloss.example", false), ("[::1]", true), ("[fe80::1]:80", false), (":80", false),
        ("gloss.example:", true),
    ]) func theNameOfTheTopologyIsThisMachinesToo(authority: String, isOwn: Bool) {
        let guarding = RequestGuard<BasicRequestContext>(host: "Gloss.example", token: nil)
        #expect(guarding.isOwn(authority) == isOwn)
        #expect(!guarding.isOwn(nil))
    }

    @Test func followersAreLetGoWhenTheServerIsAboutToClose() async throws {
        let listeners = (0..<3).compactMap { _ in services.changes.listen() }
        services.changes.close()
        for listener in listeners {
            var heard = 0
            // One signal at first, and then the end.
            for await _ in listener { heard += 1 }
            #expect(heard == 1)
        }
        #expect(services.changes.listen() == nil)
    }
}
