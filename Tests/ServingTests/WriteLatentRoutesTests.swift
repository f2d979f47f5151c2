import Elements
import Foundation
import NIOHTTP1
import Running
import StateFixtures
import Testing

@testable import Serving
@testable import Store

/// Requests of persons about latents.
@Suite(.timeLimit(.minutes(5))) struct WriteLatentRoutesTests {
    private static let bearer = ("Authorization", "Bearer s3cret")

    private func with(
        phase: Readiness.Phase = .running,
        _ body: (RunningServer, @escaping @Sendable () -> [String]) async throws -> Void
    ) async throws {
        let logged = Told()
        try await RunningServer.with(
            writes: { directory in
                WriteAccess(
                    token: "s3cret", directory: directory, reload: { .unchanged }, log: { logged.add($0) })
            }
        ) { server in
            server.services.readiness.phase = phase
            let takers = [
                RequestTaker(
                    node: "lexical", kinds: [.explain, .pin, .unpin], coder: "codes", latents: 24_576,
                    explainers: ["lexical"]),
                RequestTaker(
                    node: "people", kinds: [.label, .pin, .unpin], coder: "codes", latents: 24_576,
                    explainers: ["people"]),
                RequestTaker(
                    node: "executed", kinds: [.rescore], coder: "codes", latents: 24_576, explainers: ["lexical"]),
            ]
            try RequestTaker.write(takers, to: server.store)
            try server.store.record(explanations: [Fixture.explanation(1)])
            try await body(server) { logged.lines }
        }
    }

    private func post(_ path: String, _ body: String, to server: RunningServer) async throws -> RunningServer.Answer {
        try await server.post("/api/v1/\(path)", body: body, headers: [Self.bearer])
    }

    @Test func eachIsStoredBeforeItIsAnswered() async throws {
        try await with { server, lines async throws in
            let job = Fixture.hash(1)
            let asked = [
                ("explain", "{\"latents\":[3,7]}", "lexical", 2), ("rescore", "{\"latents\":[3]}", "executed", 1),
                ("label", "{\"latent\":3,\"text\":\"dates\",\"coder\":\"codes\"}", "people", 1),
                ("pin", "{\"latent\":3,\"job\":\"\(job)\"}", "lexical", 1),
            ]
            for (path, body, node, count) in asked {
                let answer = try await post(path, body, to: server)
                #expect(answer.status == 202, "\(path): \(answer.body)")
                #expect(answer.body == "{\"nodes\":[\"\(node)\"],\"requests\":\(count),\"v\":1}\n")
            }
            let requests = try server.store.latentRequests()
            #expect(requests.map(\.kind) == [.explain, .explain, .rescore, .label, .pin])
            #expect(requests.map(\.latent.latent) == [3, 7, 3, 3, 3])
            #expect(lines().first == "asked to explain latent 3, 7 at lexical" && lines().count == 4)
        }
    }

    @Test(arguments: ["explain", "rescore", "label", "pin"])
    func whoHasNoTokenOrComesFromElsewhereChangesNothing(path: String) async throws {
        try await with { server, _ async throws in
            let body = "{\"latents\":[3],\"latent\":3}"
            #expect(try await server.post("/api/v1/\(path)", body: body).status == 401)
            let foreign = try await server.post(
                "/api/v1/\(path)", body: body, headers: [("Origin", "https://evil.example"), Self.bearer])
            #expect(foreign.status == 403 && foreign.code == "cross_origin")
            #expect(try server.store.latentRequests().isEmpty)
        }
        try await RunningServer.with { server async throws in
            #expect(try await server.post("/api/v1/\(path)", body: "{}", headers: [Self.bearer]).status == 405)
        }
    }

    @Test(
        arguments: [
            ("explain", "", 400), ("explain", "[]", 400), ("explain", "{\"latents\":3}", 400),
            ("explain", "{\"latents\":[]}", 400), ("explain", "{\"latents\":[1.5]}", 400),
            ("explain", "{\"latents\":[3],\"what\":1}", 400), ("explain", "{\"latents\":[99999]}", 404),
            ("explain", "{\"latents\":[3],\"node\":\"nobody\"}", 404),
            ("explain", "{\"latents\":[3],\"node\":\"people\"}", 409), ("rescore", "{\"latents\":[7]}", 409),
            ("label", "{\"latent\":3}", 400), ("label", "{\"latent\":3,\"text\":\"a\\u0007b\"}", 400),
            ("label", "{\"latent\":3,\"text\":\"  \"}", 400), ("label", "{\"latent\":\"3\",\"text\":\"a\"}", 400),
            ("label", "{\"latent\":3,\"text\":\"a\",\"coder\":\"other\"}", 404), ("pin", "{\"latent\":3}", 400),
            ("pin", "{\"latent\":3,\"job\":7}", 400), ("pin", "{\"latent\":3,\"job\":\"00\"}", 404),
            ("pin", "{\"latent\":3,\"job\":null}", 409),
        ] as [(String, String, Int)])
    func whatIsRefusedIsRefusedInWords(path: String, body: String, status: Int) async throws {
        try await with { server, _ async throws in
            let answer = try await post(path, body, to: server)
            #expect(answer.status == status, "\(answer.body)")
            #expect(answer.message?.isEmpty == false && answer.code?.isEmpty == false)
            #expect(try server.store.latentRequests().isEmpty)
        }
    }

    @Test func aBodyHasABoundAndAStartIsWaitedFor() async throws {
        try await with { server, _ async throws in
            let text = String(repeating: "a", count: RequestBody.largest)
            #expect(try await post("label", "{\"latent\":3,\"text\":\"\(text)\"}", to: server).status == 413)
        }
        try await with(phase: .starting) { server, _ async throws in
            #expect(try await post("explain", "{\"latents\":[3]}", to: server).status == 503)
        }
    }

    @Test func onlyADaemonThatTakesChangesOffersThem() async throws {
        try await with { server, _ async throws in
            let page = try await server.get("/l/codes/3")
            #expect(page.status == 200 && page.body.contains("id=\"changes\"") && !page.body.contains("s3cret"))
            let pin = FulfilledRequests(
                pinned: [
                    Pin(
                        explanation: Fixture.hash(1), node: "lexical",
                        latent: LatentKey(coder: Fixture.coder.name, latent: 3))
                ])
            #expect(!page.body.contains(">pinned<") && page.body.contains(">Pin<"))
            _ = try server.store.record(NewResults(fulfilled: pin), sinks: { _ in [] })
            let pinned = try await server.get("/l/codes/3")
            #expect(pinned.body.contains(">pinned<") && pinned.body.contains(">Unpin<"))
            #expect(try await server.get("/api/v1/latents/codes/3").body.contains("\"pinned\":true"))
            #expect(pinned.headers["content-security-policy"] == page.headers["content-security-policy"])
        }
        try await RunningServer.with { server async throws in
            #expect(try await !server.get("/l/codes/3").body.contains("id=\"changes\""))
        }
    }
}
