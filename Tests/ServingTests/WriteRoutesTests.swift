import AsyncHTTPClient
import Elements
import Foundation
import NIOHTTP1
import Running
import StateFixtures
import Store
import Synchronization
import Testing
import Topology

@testable import Serving

/// Requests that change something, and who may send them.
@Suite(.timeLimit(.minutes(5))) struct WriteRoutesTests {
    /// What a test's daemon has done.
    private final class Done: Sendable {
        let logged = Told()
        let reloads = Mutex(0)
    }

    /// A server with a token for changes, `s3cret`, whose daemon says of each reading of the file what the test says.
    private func with(
        outcome: ReloadOutcome = .unchanged, token: String? = nil, phase: Readiness.Phase = .running,
        _ body: (RunningServer, Done) async throws -> Void
    ) async throws {
        let done = Done()
        try await RunningServer.with(
            token: token,
            writes: { directory in
                WriteAccess(
                    token: "s3cret", directory: directory,
                    reload: {
                        done.reloads.withLock { $0 += 1 }
                        return outcome
                    }, log: { done.logged.add($0) })
            }
        ) { server in
            server.services.readiness.phase = phase
            try await body(server, done)
        }
    }

    private static let bearer = ("Authorization", "Bearer s3cret")

    @Test func withoutATokenNothingCanBeChangedAndTheAnswerSaysHow() async throws {
        try await RunningServer.with { server async throws in
            for path in ["/api/v1/reload", "/reload", "/api/v1/retry"] {
                let refused = try await server.get(path, method: .POST, headers: [Self.bearer])
                #expect(refused.status == 405 && refused.code == "method_not_allowed")
                #expect(refused.message?.contains("`write_token: !secret env:NAME`") == true)
            }
        }
    }

    @Test(arguments: [nil, "Bearer s3cre", "Bearer s3cretx", "s3cret", "Basic s3cret"] as [String?])
    func theTokenIsAskedForOnThisMachineToo(given: String?) async throws {
        try await with { server, done async throws in
            let headers = given.map { [("Authorization", $0)] } ?? []
            let refused = try await server.get("/api/v1/reload", method: .POST, headers: headers)
            #expect(refused.status == 401 && !refused.body.contains("s3cret"))
            #expect(refused.message?.contains("`http.write_token`") == true)
            #expect(done.reloads.withLock { $0 } == 0)
        }
    }

    /// The token to read with is none to change with, nor is it asked for besides.
    @Test func theTokenOfReadersIsAnother() async throws {
        try await with(token: "reader") { server, _ async throws in
            let reader = [("Authorization", "Bearer reader")]
            #expect(try await server.get("/api/v1/reload", method: .POST, headers: reader).status == 401)
            #expect(try await server.get("/api/v1/reload", method: .POST, headers: [Self.bearer]).status == 200)
            #expect(try await server.get("/api/v1/config", headers: [Self.bearer]).status == 401)
            #expect(try await server.get("/api/v1/config", headers: reader).status == 200)
        }
    }

    @Test func pagesOfOtherOriginsMayChangeNothing() async throws {
        try await with { server, done async throws in
            let own = String(server.base.dropFirst("http://".count))
            let refused: [[(String, String)]] = [
                [("Origin", "https://evil.example")], [("Origin", "null")], [("Origin", "http://127.0.0.1:1")],
                [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
            ]
            for headers in refused {
                let answer = try await server.get("/api/v1/reload", method: .POST, headers: headers + [Self.bearer])
                #expect(answer.status == 403 && answer.code == "cross_origin")
            }
            let foreign = try await server.get(
                "/api/v1/reload", method: .POST, headers: [("Host", "evil.example"), Self.bearer])
            #expect(foreign.status == 421)
            #expect(done.reloads.withLock { $0 } == 0)
            for headers in [
                [("Origin", "http://\(own)"), ("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
            ] {
                #expect(
                    try await server.get("/api/v1/reload", method: .POST, headers: headers + [Self.bearer]).status
                        == 200)
            }
        }
    }

    /// nginx asks for `localhost`, whatever name the browser knows.
    @Test func aPageBehindAProxyThatNamesAnotherHostMayChangeSomethingWithTheToken() async throws {
        try await with { server, done async throws in
            let page = [
                ("Host", "localhost"), ("Origin", "https://gloss.example"), ("Sec-Fetch-Site", "same-origin"),
            ]
            #expect(try await server.get("/api/v1/reload", method: .POST, headers: page).status == 401)
            #expect(done.reloads.withLock { $0 } == 0)
            #expect(try await server.get("/api/v1/reload", method: .POST, headers: page + [Self.bearer]).status == 200)
            #expect(done.reloads.withLock { $0 } == 1)
        }
    }

    @Test func whatHasComeOfAReadingOfTheFileIsAnswered() async throws {
        try await with { server, done async throws in
            let same = try await server.get("/api/v1/reload", method: .POST, headers: [Self.bearer])
            #expect(same.body == "{\"changes\":[],\"outcome\":\"unchanged\",\"v\":1}\n")
            #expect(try await server.get("/reload", method: .POST, headers: [Self.bearer]).body == same.body)
            #expect(done.reloads.withLock { $0 } == 2)
            #expect(done.logged.lines == Array(repeating: "asked to read the topology's file again", count: 2))
        }
        let fault = Diagnostic(
            .fixedSetting, file: "t.yaml", mark: SourceMark(line: 3, column: 9), message: "no", help: "put it back")
        try await with(outcome: .refused([fault])) { server, _ async throws in
            let refused = try await server.get("/api/v1/reload", method: .POST, headers: [Self.bearer])
            #expect(refused.status == 422 && refused.code == "refused")
            let expected =
                "\"diagnostics\":[{\"code\":\"E618\",\"column\":9,\"help\":\"put it back\",\"line\":3,\"message\":\"no\"}]"
            #expect(refused.body.contains(expected))
        }
        try await with(outcome: .failed("the run is over")) { server, _ async throws in
            let failed = try await server.get("/api/v1/reload", method: .POST, headers: [Self.bearer])
            #expect(failed.status == 409 && failed.code == "not_taken" && failed.message == "the run is over")
        }
        try await with(phase: .starting) { server, done async throws in
            let early = try await server.get("/api/v1/reload", method: .POST, headers: [Self.bearer])
            #expect(early.status == 503 && early.code == "starting" && done.reloads.withLock { $0 } == 0)
        }
    }

    @Test func failedJobsAreTriedAgainAtRequest() async throws {
        try await with { server, done async throws in
            let jobs = (0..<3).map { latent in
                PlannedJob(
                    id: Fixture.job(UInt64(latent)).id, node: latent == 2 ? "b" : "a", kind: .score, coder: "codes",
                    latent: latent, payload: [1])
            }
            _ = try server.store.insertJobs(jobs)
            for job in jobs { try server.store.fail(job: job.id, reason: "no", attempts: 1) }
            func retry(_ body: String) async throws -> RunningServer.Answer {
                try await server.post("/api/v1/retry", body: body, headers: [Self.bearer])
            }
            #expect(try await retry("{\"node\":\"a\",\"latents\":[1]}").body == "{\"jobs\":1,\"v\":1}\n")
            #expect(try server.store.takeRetryRequests().map(\.job.latent) == [1])
            #expect(try await retry("").body == "{\"jobs\":2,\"v\":1}\n")
            #expect(try server.store.takeRetryRequests().map(\.job.latent).sorted() == [0, 2])
            #expect(done.logged.lines.last?.hasPrefix("asked to try 2 jobs again") == true)
        }
    }

    @Test(arguments: [
        "[]", "{", "{\"node\":1}", "{\"latents\":5}", "{\"latents\":[-1]}", "{\"latents\":[1.5]}", "{\"coder\":\"a\"}",
    ]) func aBodyThatCannotBeReadIsSaidToBe(body: String) async throws {
        try await with { server, _ async throws in
            let refused = try await server.post("/api/v1/retry", body: body, headers: [Self.bearer])
            #expect(refused.status == 400 && refused.code == "bad_body" && refused.message?.isEmpty == false)
            #expect(try server.store.takeRetryRequests().isEmpty)
        }
    }

    @Test func aBodyHasABound() async throws {
        try await with { server, _ async throws in
            let body = "{\"node\":\"\(String(repeating: "a", count: RequestBody.largest))\"}"
            #expect(try await server.post("/api/v1/retry", body: body, headers: [Self.bearer]).status == 413)
        }
    }
}
