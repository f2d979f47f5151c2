import AsyncHTTPClient
import Elements
import Foundation
import NIOCore
import NIOHTTP1
import Nodes
import Observability
import RuleJudgeServer
import Running
import StateFixtures
import Store
import Testing

/// Runs that are stopped, cancelled or followed while a judge has not answered yet.
@Suite(.timeLimit(.minutes(5))) struct StoppedRunTests {
    private let fixture: DaemonFixture

    init() throws { fixture = try DaemonFixture() }

    private struct Page {
        let status: Int
        let body: String
    }

    private func get(_ path: String) async throws -> Page {
        let request = HTTPClientRequest(url: fixture.address + path)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 1 << 20)
        return Page(status: Int(response.status.code), body: String(buffer: body))
    }

    /// Runs a daemon whose judge is asked but does not answer, does something then, lets it answer, and waits for the end.
    private func whileAJudgeIsAsked(_ body: (Task<Void, any Error>) async throws -> Void) async throws {
        let judge = try await RuleJudgeServer.start()
        judge.expect(then: .waits)
        let graph = try fixture.graph(["http: 127.0.0.1:0"], stages: DaemonFixture.judged, judge: judge.endpoint)
        let running = Task { [fixture] in try await fixture.run(graph) { $0.untilDrained = true } }
        await judge.received(1)
        try await body(running)
        judge.release()
        _ = await running.result
        await judge.stop()
    }

    @Test func whoAsksSeesTheDaemonRunAndThenStop() async throws {
        try await whileAJudgeIsAsked { running in
            let ready = try await get("/readyz")
            #expect(ready.status == 200 && ready.body == "{\"phase\":\"running\",\"ready\":true}\n")
            #expect(try await get("/metrics").body.contains("gloss_build_info{version=\"1.2.3\"} 1\n"))
            let latents = try await get("/v1/latents").body
            #expect(latents.contains("\"coder\":\"corpus\"") && latents.contains("\"state\":\"explained\""))
            #expect(try await get("/v1/latents/corpus/0").body.contains("\"tokens\":4096,"))
            // Tokens that came with their codes have passed no forward stage.
            #expect(fixture.progress.reading.tokens == 4096)
            #expect(try await get("/metrics").body.contains("gloss_tokens_processed_total 4096\n"))
            let unknown = try await get("/v1/latents/codes/0")
            #expect(unknown.status == 404 && unknown.body.contains("no node of that id gives codes: there are corpus"))
            fixture.stop.raise()
            let stopping = try await get("/readyz")
            #expect(stopping.status == 503 && stopping.body == "{\"phase\":\"stopping\",\"ready\":false}\n")
            #expect(try await get("/livez").status == 200)
        }
        #expect(await !fixture.isListening)
    }

    @Test func aStopFinishesWhatIsUnderWayAndLeavesTheRestForTheNextStart() async throws {
        try await whileAJudgeIsAsked { _ in fixture.stop.raise() }
        #expect(fixture.notices.lines.allSatisfy { $0.hasPrefix("http: ") || $0.hasPrefix("memory: ") })
        let graph = try fixture.graph(stages: DaemonFixture.judged)
        let jobs = try fixture.openState(graph) { try $0.jobs() }
        #expect(!jobs.isEmpty && jobs.allSatisfy { $0.state != .failed })

        let judge = try await RuleJudgeServer.start()
        let next = try fixture.next()
        try await next.run(try next.graph(stages: DaemonFixture.judged, judge: judge.endpoint))
        let left = try next.openState(graph) { try $0.jobs(in: .open) }
        #expect(left.isEmpty && next.progress.reading.records == 0)
        await judge.stop()
    }

    @Test func aRunThatIsCancelledIsClosedAndItsJobsStayOpen() async throws {
        try await whileAJudgeIsAsked { running in
            running.cancel()
            _ = await running.result
        }
        #expect(await !fixture.isListening)
        let graph = try fixture.graph(stages: DaemonFixture.judged)
        let jobs = try fixture.openState(graph) { try $0.jobs() }
        #expect(jobs.contains { $0.state == .open && $0.job.node == "detected" })
        #expect(jobs.allSatisfy { $0.state != .failed })
    }

    @Test func aFollowerHearsEvery15SecondsAndHoldsUpNoEnd() async throws {
        let comment = ": \n\n"
        try await whileAJudgeIsAsked { running in
            let request = HTTPClientRequest(url: fixture.address + "/v1/events")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            var text = ""
            // The body ends with its last chunk, or this throws.
            for try await buffer in response.body {
                text += String(buffer: buffer)
                if text == comment {
                    await fixture.clock.sleepers(1)
                    fixture.clock.advance(by: .seconds(15))
                } else if text == comment + comment {
                    running.cancel()
                }
            }
            #expect(text.hasPrefix(comment + comment))
        }
        #expect(fixture.notices.of("http").count == 1)
    }

    @Test func aRunThatIsStoppedBeforeItBeginsIsGoneOnWithByTheNext() async throws {
        let graph = try fixture.graph()
        fixture.stop.raise()
        try await fixture.run(graph)
        let next = try fixture.next()
        try await next.run(try next.graph())
        let whole = try DaemonFixture()
        try await whole.run(try whole.graph())
        func texts(_ fixture: DaemonFixture, _ graph: Graph) throws -> [String] {
            try fixture.openState(graph) { try $0.explanations() }.map { "\($0.latent) \($0.text)" }.sorted()
        }
        #expect(try texts(next, graph) == texts(whole, whole.graph()))
        let read = fixture.progress.reading.records + next.progress.reading.records
        #expect(read == DaemonFixture.rows)
    }
}
