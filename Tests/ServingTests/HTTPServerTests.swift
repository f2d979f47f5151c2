import Elements
import Foundation
import Hummingbird
import NIOHTTP1
import Observability
import StateFixtures
import Store
import Testing
import Topology

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct HTTPServerTests {
    @Test func readinessFollowsThePhaseAndLivenessDoesNot() async throws {
        try await RunningServer.with(isServing: false) { server async throws in
            #expect(try await server.get("/livez").status == 200)
            #expect(try await server.get("/readyz").status == 503)
            let early = try await server.get("/v1/latents")
            #expect(early.status == 503)
            #expect(early.code == "starting")
            server.services.readiness.phase = .running
            let ready = try await server.get("/readyz")
            #expect(ready.status == 200)
            #expect(ready.body == "{\"phase\":\"running\",\"ready\":true}\n")
            server.services.readiness.phase = .stopping
            #expect(try await server.get("/readyz").status == 503)
            #expect(try await server.get("/livez").status == 200)
        }
    }

    /// No load is sent to a daemon that reads nothing, but nobody kills it for its brokers either.
    @Test func brokersThatDoNotAnswerMakeItUnreadyButAlive() async throws {
        try await RunningServer.with(token: "s3cret") { server async throws in
            server.progress.reaches("corpus", as: .source)
            server.progress.reaches("results", as: .sink)
            #expect(try await server.get("/readyz").status == 200)
            server.progress.lost(true, by: "corpus")
            let unready = try await server.get("/readyz")
            #expect(unready.status == 503 && unready.object["ready"] as? Bool == false)
            #expect(unready.object["phase"] as? String == "running")
            let unreachable = try #require(unready.object["unreachable"] as? [[String: Any]])
            #expect(unreachable.map { $0["node"] as? String } == ["corpus"])
            #expect(unreachable.map { $0["role"] as? String } == ["source"])
            #expect(unreachable.allSatisfy { ($0["seconds"] as? Int).map { $0 >= 0 } == true })
            #expect(try await server.get("/livez").status == 200)
            server.progress.lost(false, by: "corpus")
            let ready = try await server.get("/readyz")
            #expect(ready.body == "{\"phase\":\"running\",\"ready\":true}\n")
        }
    }

    /// A judge that is away is told of, but what is served is whole and grows.
    @Test func aModelWhoseServerIsAwayIsNamedAndLeavesItReady() async throws {
        try await RunningServer.with(token: "s3cret") { server async throws in
            server.progress.asks(["judge", "other"])
            _ = server.progress.awaits(["judge"], since: Date(timeIntervalSinceNow: -60))
            let ready = try await server.get("/readyz")
            #expect(ready.status == 200 && ready.object["ready"] as? Bool == true)
            let away = try #require(ready.object["away"] as? [[String: Any]])
            #expect(away.map { $0["model"] as? String } == ["judge"])
            #expect(away.allSatisfy { ($0["seconds"] as? Int).map { $0 >= 60 } == true })
            server.progress.answers(["judge"])
            #expect(try await server.get("/readyz").body == "{\"phase\":\"running\",\"ready\":true}\n")
        }
    }

    @Test func aRequestForAnotherHostIsRefused() async throws {
        try await RunningServer.with { server async throws in
            let foreign = try await server.get("/v1/latents", headers: [("Host", "evil.example")])
            #expect(foreign.status == 421)
            #expect(foreign.code == "wrong_host")
            #expect(try await server.get("/v1/latents", headers: [("Host", "localhost:1")]).status == 200)
            #expect(try await server.get("/v1/latents").headers["access-control-allow-origin"].isEmpty)
        }
    }

    @Test func aRequestOfTheHeadAloneIsRefusedWithoutABody() async throws {
        try await RunningServer.with(token: "s3cret") { server async throws in
            let port = try #require(server.base.split(separator: ":").last.flatMap { Int($0) })
            for (path, accept) in [("/v1/latents", "*/*"), ("/latents", "text/html")] {
                let client = try await RawClient.connect(to: port)
                try await client.send(
                    "HEAD \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: \(accept)\r\nConnection: close\r\n\r\n")
                let answer = try await client.untilClosed()
                #expect(answer.hasPrefix("HTTP/1.1 401") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
            }
        }
    }

    @Test(arguments: [
        ("127.0.0.1:8080", true), ("localhost", true), ("[::1]:8080", true), ("127.9.9.9", true), ("127.1", false),
        ("127.0.0.1.evil.example", false), ("10.0.0.1:80", false), ("", false), ("127.0.0.1:80@evil.example", false),
        ("me@127.0.0.1", false), ("127.0.0.1:x", false),
    ]) func onlyNamesOfThisMachineAreItsOwn(authority: String, isOwn: Bool) {
        let guarding = RequestGuard<BasicRequestContext>(host: "127.0.0.1", token: nil)
        #expect(guarding.isOwn(authority) == isOwn)
    }

    @Test func aTokenIsAskedForWhereOneIsSet() async throws {
        try await RunningServer.with(token: "s3cret") { server async throws in
            let refused = try await server.get("/v1/latents")
            #expect(refused.status == 401)
            #expect(!refused.body.contains("s3cret"))
            for wrong in ["Bearer s3cre", "Bearer s3cretx", "s3cret", "Bearer S3cret"] {
                #expect(try await server.get("/metrics", headers: [("Authorization", wrong)]).status == 401)
            }
            let answer = try await server.get(
                "/v1/latents", headers: [("Authorization", "Bearer s3cret"), ("Host", "gloss.example")])
            #expect(answer.status == 200)
            #expect(try await server.get("/livez").status == 200)
            #expect(try await server.get("/readyz").status == 200)
        }
    }

    @Test func nothingCanBeWritten() async throws {
        try await RunningServer.with { server async throws in
            #expect(try await server.get("/v1/latents", method: .POST).status == 405)
            #expect(try await server.get("/v1/latents", method: .DELETE).status == 405)
            #expect(try await server.get("/livez", method: .HEAD).status == 200)
            #expect(try await server.get("/nothing").status == 404)
        }
    }

    @Test func anAddressInUseIsAConfigurationErrorThatNamesIt() async throws {
        try await RunningServer.with { server async throws in
            let port = String(server.base.split(separator: ":").last ?? "")
            let error = await #expect(throws: ServingError.self) {
                let second = try await HTTPServer.start(
                    at: RunningServer.settings("127.0.0.1:\(port)"),
                    router: server.services.router(host: "127.0.0.1", token: nil), descriptors: 4096)
                await second.close()
            }
            #expect(error?.description.contains("127.0.0.1:\(port)") == true)
            #expect(error?.description.contains("line 3") == true)
        }
    }

    @Test func metricsTellWhatTheStateHolds() async throws {
        try await RunningServer.with { server async throws in
            _ = try server.store.insertJobs([Fixture.job(1), Fixture.job(2)])
            try server.store.record(explanations: [Fixture.explanation(7, latent: 3, node: "prose")])
            try server.record([
                Fixture.score(3, 0.75), Fixture.control(3, 0.5),
            ])
            let page = try PrometheusPage(try await server.get("/metrics").body)
            let latents = try #require(page["gloss_latents"])
            #expect(latents.value(["coder": "codes", "state": "queued"]) == 2)
            #expect(latents.value(["coder": "codes", "state": "dead"]) == 0)
            #expect(latents.samples.reduce(0) { $0 + $1.value } == Double(Fixture.coder.latents))
            let oldest = page["gloss_oldest_queued_seconds"]?.value(["component_id": "prose", "kind": "explain"])
            #expect(oldest.map { $0 >= 0 } == true)
            #expect((page["gloss_state_bytes"]?.value() ?? 0) > 4096)
        }
    }

    @Test func answersAreCountedByTheirRouteAndStatusAlsoThoseThatRefuse() async throws {
        try await RunningServer.with(token: "t") { server async throws in
            let token = [("Authorization", "Bearer t")]
            _ = try await server.get("/livez")
            _ = try await server.get("/api/v1/latents/codes/5", headers: token)
            _ = try await server.get("/api/v1/latents/codes/6", headers: token)
            _ = try await server.get("/nothing/here", headers: token)
            _ = try await server.get("/v1/latents")
            let page = try PrometheusPage(try await server.get("/metrics", headers: token).body)
            let counts = try #require(page["gloss_http_requests_total"])
            #expect(counts.value(["code": "200", "route": "/livez"]) == 1)
            #expect(counts.value(["code": "200", "route": "/api/v1/latents/{coder}/{latent}"]) == 2)
            #expect(counts.value(["code": "401", "route": "/v1/latents"]) == 1)
            #expect(counts.value(["code": "404", "route": "none"]) == 1)
            let times = page["gloss_http_request_duration_seconds"]
            #expect(times?.value(["route": "/livez"], suffix: "_count") == 1)
        }
    }

    @Test func metricsAreInPrometheusForm() async throws {
        try await RunningServer.with { server async throws in
            server.progress.read(records: 3, rejected: ["empty", "empty"])
            server.progress.forwarded(tokens: 512)
            let first = try await server.get("/metrics")
            #expect(first.headers.first(name: "content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(first.body.contains("gloss_records_total 3\n"))
            #expect(first.body.contains("gloss_dlq_records_total{code=\"empty\"} 2\n"))
            #expect(first.body.contains("gloss_build_info{version=\"1.2.3\"} 1\n"))
            #expect(first.body.contains("# HELP gloss_tokens_processed_total "))
            server.progress.forwarded(tokens: 1)
            #expect(try await server.get("/metrics").body.contains("gloss_tokens_processed_total 513\n"))
        }
    }
}
