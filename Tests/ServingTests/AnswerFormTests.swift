import Elements
import Foundation
import NIOHTTP1
import Observability
import StateFixtures
import Store
import Testing

@testable import Serving

/// What every answer has, whatever it answers.
@Suite(.timeLimit(.minutes(5))) struct AnswerFormTests {
    private static let routes = [
        ("/livez", "text/plain; charset=utf-8"), ("/readyz", "application/json; charset=utf-8"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
        ("/v1/latents", "application/json; charset=utf-8"), ("/v1/latents/codes/7", "application/json; charset=utf-8"),
    ]

    @Test func everyPageSaysItsFormAndIsNotKept() async throws {
        try await RunningServer.with { server async throws in
            for (path, type) in Self.routes {
                let answer = try await server.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.headers["content-type"] == [type], "\(path)")
                #expect(answer.headers["cache-control"] == ["no-store"], "\(path)")
                #expect(answer.body.hasSuffix("\n"), "\(path)")
            }
        }
    }

    @Test func headIsGetWithoutTheBody() async throws {
        try await RunningServer.with { server async throws in
            // Sizes of pages that do not change from one moment to the next.
            for (path, type) in Self.routes where path != "/metrics" {
                let (full, head) = (try await server.get(path), try await server.get(path, method: .HEAD))
                #expect(head.status == full.status && head.body.isEmpty, "\(path)")
                #expect(head.headers["content-type"] == [type], "\(path)")
                #expect(head.headers["content-length"] == ["\(full.body.utf8.count)"], "\(path)")
            }
            let missing = try await server.get("/v1/latents/codes/x", method: .HEAD)
            #expect(missing.status == 404 && missing.body.isEmpty)
        }
    }

    @Test(arguments: [HTTPMethod.POST, .PUT, .DELETE, .PATCH, .OPTIONS])
    func aMethodThatWritesIsRefusedWithThoseThatRead(method: HTTPMethod) async throws {
        try await RunningServer.with { server async throws in
            for path in ["/livez", "/v1/events", "/nothing"] {
                let answer = try await server.get(path, method: method)
                #expect(answer.status == 405 && answer.headers["allow"] == ["GET, HEAD"])
                #expect(answer.code == "method_not_allowed")
                // Of the one that could change something it is said how that is turned on.
                let message = answer.message ?? ""
                #expect(method == .POST ? message.contains("`write_token: ") : message == "only GET is served here")
            }
        }
    }

    @Test(arguments: [
        "/v1", "/l", "/l/codes", "/assets/gloss", "/api/v1", "/nothing", "/v1/latents/codes",
        "/v1/latents/codes/7/more", "/v1/event", "/livez/x", "/%2e%2e/x",
    ])
    func aPathThatThereIsNotIsNotFound(path: String) async throws {
        try await RunningServer.with { server async throws in
            #expect(try await server.get(path).status == 404)
        }
    }

    @Test func whileTheDaemonStartsEveryPageOfResultsAsksToComeAgain() async throws {
        try await RunningServer.with(isServing: false) { server async throws in
            for path in ["/v1/latents", "/v1/latents/codes/7", "/v1/latents?limit=x", "/v1/events", "/v1/events?x=1"] {
                let answer = try await server.get(path)
                #expect(answer.status == 503 && answer.headers["retry-after"] == ["1"], "\(path)")
                #expect(answer.message == "the daemon is starting: ask again in a moment", "\(path)")
            }
            #expect(
                try await server.get("/readyz").body == "{\"phase\":\"starting\",\"ready\":false}\n")
            #expect(try await server.get("/metrics").status == 200)
        }
    }

    @Test func whoIsRefusedIsToldWhatToSend() async throws {
        try await RunningServer.with(token: "s3cret") { server async throws in
            let answer = try await server.get("/v1/events")
            #expect(answer.status == 401 && answer.headers["www-authenticate"] == ["Bearer"])
            #expect(answer.message == "send `Authorization: Bearer` with the token of `http.token`")
            // A path that merely begins like an open one is not open.
            for path in ["/livez2", "/livez/x", "/nothing", "/metrics?/livez"] {
                #expect(try await server.get(path).status == 401, "\(path)")
            }
            // Also what cannot be served is not told without a token.
            #expect(try await server.get("/v1/latents", method: .POST).status == 401)
        }
        try await RunningServer.with { server async throws in
            let answer = try await server.get("/livez", headers: [("Host", "evil.example:80")])
            #expect(answer.status == 421)
            #expect(answer.message == "the request's Host must be 127.0.0.1 or localhost")
        }
    }

    @Test func aPageOfMetricsIsReadByPrometheusRules() async throws {
        try await RunningServer.with { server async throws in
            server.progress.read(records: 3, rejected: ["empty", "a \"quoted\"\ncode"])
            server.progress.failed(by: "prose", reason: "no answer")
            server.progress.checkpointed()
            server.services.metrics.scored([Fixture.score(1, 0.5), Fixture.score(2, 0.75)])
            server.services.metrics.asked(model: "a\\b", outcome: "done", took: .seconds(3))
            server.services.metrics.spent(model: "a\\b", tokensIn: 5, tokensOut: 7)
            let page = try PrometheusPage(try await server.get("/metrics").body)
            #expect(page["gloss_records_total"]?.value() == 3)
            #expect(page["gloss_dlq_records_total"]?.value(["code": "a \"quoted\"\ncode"]) == 1)
            #expect(page["gloss_score"]?.value(["method": "detection"], suffix: "_count") == 2)
            #expect(page["gloss_llm_request_duration_seconds"]?.value(["model": "a\\b"], suffix: "_sum") == 3)
            #expect(
                page["gloss_component_busy_seconds_total"]?.samples.map(\.labels)
                    == [["component_id": "codes", "component_type": "encode"]])
            #expect(page.families.allSatisfy { $0.help?.hasSuffix(".") == true })
        }
    }
}
