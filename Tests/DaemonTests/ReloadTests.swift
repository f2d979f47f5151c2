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
import StateNotes
import Store
import Testing
import Topology

/// Daemons whose topology file changes while a judge has not answered yet.
@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    private let fixture: DaemonFixture
    private var file: String { fixture.directory.path + "/t.yaml" }

    init() throws { fixture = try DaemonFixture() }

    /// A score by its origin, without the time at which it was made.
    private struct Made: Hashable {
        let node: String
        let latent: Int
        let control: String?
        let job: JobID
        let value: Double?

        init(_ score: Score) {
            (node, latent, job) = (score.node, score.latent, score.job)
            control = score.control.map { "\($0)" }
            value = score.headline?.value
        }
    }

    private static let fuzzed = "fuzzed: { type: score, method: fuzzing, model: far, inputs: [words], examples: 4 }"

    private func write(_ text: String) throws { try text.write(toFile: file, atomically: true, encoding: .utf8) }

    /// The scores of a state in which no job is open or failed, but those of some nodes.
    private func scores(_ fixture: DaemonFixture, _ text: String, but left: Set<String> = []) throws -> Set<Made> {
        try fixture.openState(fixture.graph(of: text)) { store in
            let jobs = try store.jobs().filter { !left.contains($0.job.node) }
            #expect(jobs.allSatisfy { $0.state == .done })
            let scores = try store.scores().filter { !left.contains($0.node) }.map(Made.init)
            // None is there twice.
            #expect(Set(scores).count == scores.count)
            return Set(scores)
        }
    }

    /// The scores of a run that had a topology from the start.
    private func undisturbed(_ stages: [String], _ judge: RuleJudgeServer) async throws -> Set<Made> {
        let whole = try DaemonFixture()
        let text = whole.text(stages: stages, judge: judge.endpoint)
        try await whole.run(try whole.graph(of: text))
        return try scores(whole, text)
    }

    /// Runs a daemon from the file until it has done all, and does something once its judge was asked and waits.
    private func whileAJudgeIsAsked(
        _ judge: RuleJudgeServer, _ text: String, _ body: @Sendable @escaping () async throws -> Void
    ) async throws -> RunOutcome {
        judge.expect(then: .waits)
        try write(text)
        let graph = try fixture.graph(of: text)
        let asked = judge.requests.count
        async let outcome = fixture.outcome(of: graph) { options in
            options.untilDrained = true
            options.source = (file, fixture.directory.path, text)
        }
        await judge.received(asked + 1)
        try await body()
        judge.expect(then: .judges())
        judge.release()
        return try await outcome
    }

    /// The changes of a file that was taken, in words; else what came instead.
    private static func applied(_ outcome: ReloadOutcome) -> [String] {
        if case .applied(let changes) = outcome { changes.map(\.description) } else { ["\(outcome)"] }
    }

    /// The faults of a file that was refused; none if it was not.
    private static func faults(_ outcome: ReloadOutcome) -> [Diagnostic] {
        if case .refused(let faults) = outcome { faults } else { [] }
    }

    private static let taken = "reload: the file is taken: jobs under way are finished, and what has changed runs then"

    /// Lets the judge answer once a file is taken, and not before: a run that has done all takes none.
    private func answerOnceTaken(_ judge: RuleJudgeServer) async {
        while !fixture.notices.of("reload").contains(Self.taken) { await Task.yield() }
        judge.expect(then: .judges())
        judge.release()
    }

    /// Has the file read again while answers are under way, which are given then.
    private func reload(_ judge: RuleJudgeServer) async -> ReloadOutcome {
        async let outcome = fixture.reloads.ask("by a test")
        await answerOnceTaken(judge)
        return await outcome
    }

    @Test func inTheMiddleOfJobsNoneIsLostAndNoneIsDoneTwice() async throws {
        let judge = try await RuleJudgeServer.start()
        let expected = try await undisturbed(DaemonFixture.judged, judge)
        #expect(!expected.isEmpty)
        let text = fixture.text(stages: DaemonFixture.judged, judge: judge.endpoint)
        let changed = fixture.text(
            stages: DaemonFixture.judged, judge: judge.endpoint, asked: "retries: 0, concurrency: 1")
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            try write(changed)
            let outcome = await reload(judge)
            #expect(Self.applied(outcome) == ["models.far.concurrency: 4 → 1"])
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, changed) == expected)
        let source = try fixture.openState(fixture.graph(of: changed)) { try TopologySource.note.read(in: $0) }
        #expect(source?.text == changed)
        #expect(
            fixture.notices.of("reload") == [
                Self.taken, "reload: the file was read again and runs now: models.far.concurrency: 4 → 1",
            ])
        await judge.stop()
    }

    /// What is under way has its time and is left then, to be done by what comes.
    @Test func jobsThatAreNotDoneInTimeAreDoneByWhatComesAfter() async throws {
        let judge = try await RuleJudgeServer.start()
        let expected = try await undisturbed(DaemonFixture.judged, judge)
        let text = fixture.text(stages: DaemonFixture.judged, judge: judge.endpoint, asked: "retries: 0, timeout: 7d")
        let changed = fixture.text(
            stages: DaemonFixture.judged, judge: judge.endpoint, asked: "retries: 0, timeout: 6d")
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            try write(changed)
            async let reloaded = fixture.reloads.ask("by a test")
            let driver = Task {
                while !Task.isCancelled {
                    fixture.clock.advance(by: .seconds(1))
                    for _ in 0..<400 { await Task.yield() }
                }
            }
            let outcome = await reloaded
            driver.cancel()
            #expect(Self.applied(outcome) == ["models.far.timeout: 604800000ms → 518400000ms"])
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, changed) == expected)
        await judge.stop()
    }

    @Test func aScoreNodeThatIsNewGetsItsJobs() async throws {
        let judge = try await RuleJudgeServer.start()
        let expected = try await undisturbed(DaemonFixture.judged + [Self.fuzzed], judge)
        #expect(expected.contains { $0.node == "fuzzed" })
        let text = fixture.text(stages: DaemonFixture.judged, judge: judge.endpoint)
        let changed = fixture.text(stages: DaemonFixture.judged + [Self.fuzzed], judge: judge.endpoint)
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            try write(changed)
            let outcome = await reload(judge)
            #expect(Self.applied(outcome) == ["stages.fuzzed: added"])
            // What is told of the time left is that of the file that runs.
            #expect(fixture.progress.expected["fuzzed"]?.explainers == ["words"])
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, changed) == expected)
        await judge.stop()
    }

    @Test func nodesThatAreGoneLeaveTheRestToItsWork() async throws {
        let judge = try await RuleJudgeServer.start()
        let both =
            DaemonFixture.scored + [
                "others: { type: explain, explainer: lexical, inputs: [evidence], when: drained, seed: 9 }",
                "detected: { type: score, method: detection, model: far, inputs: [others], examples: 4 }",
            ]
        let expected = try await undisturbed(DaemonFixture.scored, judge)
        let text = fixture.text(stages: both, judge: judge.endpoint)
        let changed = fixture.text(stages: DaemonFixture.scored, judge: judge.endpoint)
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            try write(changed)
            let outcome = await reload(judge)
            #expect(Self.applied(outcome) == ["stages.detected: removed", "stages.others: removed"])
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, changed, but: ["others", "detected"]) == expected)
        await judge.stop()
    }

    /// One job is under way when the budget is raised that its answer spends.
    @Test func aLargerBudgetBeginsTheJobsThatTheOldOneWouldHoldBack() async throws {
        let judge = try await RuleJudgeServer.start()
        let stages =
            Array(DaemonFixture.judged.dropLast()) + [
                "detected: { type: score, method: detection, model: far, inputs: [words], examples: 4, concurrency: 1 }"
            ]
        let expected = try await undisturbed(stages, judge)
        let text = fixture.text(["budget: { tokens: 1 }"], stages: stages, judge: judge.endpoint)
        let changed = fixture.text(["budget: { tokens: 100000000 }"], stages: stages, judge: judge.endpoint)
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            try write(changed)
            let outcome = await reload(judge)
            #expect(Self.applied(outcome) == ["budget.tokens: 1 → 100000000"])
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, changed) == expected)
        #expect(fixture.notices.of("detected").isEmpty)
        await judge.stop()
    }

    @Test func whatCannotChangeIsRefusedAtItsPlaceAndTheRunGoesOn() async throws {
        let judge = try await RuleJudgeServer.start()
        let expected = try await undisturbed(DaemonFixture.judged, judge)
        let text = fixture.text(stages: DaemonFixture.judged, judge: judge.endpoint)
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            try write(text.replacing("window: 16", with: "window: 32"))
            let faults = Self.faults(await fixture.reloads.ask("by a test"))
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let line = lines.firstIndex { $0.contains("window: 16") }.map { $0 + 1 }
            #expect(faults.map(\.code) == ["E618"] && faults.first?.mark?.line == line)
            #expect(faults.first?.message.contains("stages.evidence.window: 16 → 32") == true)
            // A file that is none, one that names what is not there, and one that has gone.
            try write("version: 1\nname: [")
            #expect(!Self.faults(await fixture.reloads.ask("by a test")).isEmpty)
            try write(text.replacing("inputs: [words]", with: "inputs: [wards]"))
            #expect(Self.faults(await fixture.reloads.ask("by a test")).first?.code == "E401")
            try FileManager.default.removeItem(atPath: file)
            let gone = await fixture.reloads.ask("by a test")
            #expect(!gone.isInSync && Self.faults(gone).isEmpty)
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, text) == expected)
        #expect(fixture.notices.of("reload").count >= 6)
        await judge.stop()
    }

    @Test func twoRequestsAtOnceAreAnsweredOneAfterTheOther() async throws {
        let judge = try await RuleJudgeServer.start()
        let expected = try await undisturbed(DaemonFixture.judged + [Self.fuzzed], judge)
        let text = fixture.text(stages: DaemonFixture.judged, judge: judge.endpoint)
        let changed = fixture.text(stages: DaemonFixture.judged + [Self.fuzzed], judge: judge.endpoint)
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            let unchanged = await fixture.reloads.ask("by a test")
            #expect(unchanged == .unchanged)
            try write(changed)
            async let first = fixture.reloads.ask("by a test")
            async let second = fixture.reloads.ask("by a test")
            await answerOnceTaken(judge)
            let outcomes = await [first, second]
            #expect(outcomes.count { $0 == .unchanged } <= 1)
            #expect(outcomes.count { if case .applied = $0 { true } else { false } } == 1)
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, changed) == expected)
        await judge.stop()
    }

    @Test func aStopMeanwhileEndsTheRunAndTheNextStartGoesOn() async throws {
        let judge = try await RuleJudgeServer.start()
        let expected = try await undisturbed(DaemonFixture.judged, judge)
        let text = fixture.text(stages: DaemonFixture.judged, judge: judge.endpoint)
        let changed = fixture.text(
            stages: DaemonFixture.judged, judge: judge.endpoint, asked: "retries: 0, concurrency: 1")
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            try write(changed)
            fixture.reloads.leave("by a test")
            fixture.stop.raise()
        }
        #expect(outcome.isStopped)
        let next = try fixture.next()
        try await next.run(try next.graph(of: changed))
        #expect(try scores(next, changed) == expected)
        await judge.stop()
    }

    @Test func aRunWithoutAFileSaysSo() async throws {
        let judge = try await RuleJudgeServer.start()
        judge.expect(then: .waits)
        let graph = try fixture.graph(stages: DaemonFixture.judged, judge: judge.endpoint)
        async let running: Void = fixture.run(graph)
        await judge.received(1)
        let outcome = await fixture.reloads.ask("by a test")
        #expect(outcome == .failed("this run was given no file that could be read again"))
        judge.expect(then: .judges())
        judge.release()
        try await running
        let late = await fixture.reloads.ask("late")
        #expect(late == .failed("the run is over, or is stopping"))
        await judge.stop()
    }
}

/// What those see who look on over HTTP.
extension ReloadTests {
    private static let http = "http: { address: 127.0.0.1:0, write_token: !secret env:GLOSS_TEST_TOKEN }"

    private struct Page {
        let status: Int
        let body: String
    }

    private func ask(_ path: String, _ method: HTTPMethod = .GET, token: String? = nil) async throws -> Page {
        var request = HTTPClientRequest(url: fixture.address + path)
        request.method = method
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 1 << 20)
        return Page(status: Int(response.status.code), body: String(buffer: body))
    }

    @Test func overHTTPWithTheTokenTheFileIsReadAgainAndTheStreamOfEventsGoesOn() async throws {
        let judge = try await RuleJudgeServer.start()
        let text = fixture.text([Self.http], stages: DaemonFixture.judged, judge: judge.endpoint)
        let changed = fixture.text([Self.http], stages: DaemonFixture.judged + [Self.fuzzed], judge: judge.endpoint)
        let cursors = Task { [fixture] () throws -> [Int64] in
            while fixture.address.isEmpty { await Task.yield() }
            await judge.received(1)
            let request = HTTPClientRequest(url: fixture.address + "/v1/events?cursor=0")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            var text = ""
            for try await buffer in response.body { text += String(buffer: buffer) }
            return text.split(separator: "\n").filter { $0.hasPrefix("id: ") }
                .compactMap { $0.split(separator: ":").last.flatMap { Int64($0) } }
        }
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            let before = try await ask("/api/v1/config")
            #expect(before.status == 200 && before.body.contains("\"in_sync\":true"))
            #expect(before.body.contains("!secret env:GLOSS_TEST_TOKEN") && !before.body.contains("s3cret"))
            #expect(try await ask("/api/v1/reload", .POST).status == 401)
            #expect(try await ask("/api/v1/reload", .POST, token: "wrong").status == 401)
            let same = try await ask("/api/v1/reload", .POST, token: "s3cret")
            #expect(same.status == 200 && same.body.contains("\"outcome\":\"unchanged\""))
            try write(text.replacing("window: 16", with: "window: 32"))
            let refused = try await ask("/api/v1/reload", .POST, token: "s3cret")
            #expect(refused.status == 422 && refused.body.contains("\"code\":\"E618\""))
            #expect(try await ask("/api/v1/config").body.contains("\"in_sync\":false"))
            #expect(try await ask("/metrics").body.contains("gloss_config_in_sync 0\n"))
            #expect(try await ask("/").body.contains("configuration differs from the file on disk"))
            try write(changed)
            async let answer = ask("/reload", .POST, token: "s3cret")
            await answerOnceTaken(judge)
            let applied = try await answer
            #expect(applied.status == 200 && applied.body.contains("stages.fuzzed: added"))
        }
        #expect(outcome == RunOutcome(isStopped: false))
        let told = try await cursors.value
        let latest = try fixture.openState(fixture.graph(of: changed)) { try $0.latestCursor() }
        // Each once, in order; the server may close before the last are sent.
        #expect(told == told.sorted() && Set(told).count == told.count && !told.isEmpty)
        #expect(told.allSatisfy { $0 <= latest })
        await judge.stop()
    }

    @Test func whatIsServedIsThatOfTheNodesThatRun() async throws {
        let (judge, other) = (try await RuleJudgeServer.start(), try await RuleJudgeServer.start())
        other.expect(then: .waits)
        let text = fixture.text([Self.http], stages: DaemonFixture.judged, judge: judge.endpoint)
        let near = "near: { openai: \"\(other.endpoint)\", model: rule, retries: 0 }"
        let fuzzed = Self.fuzzed.replacing("model: far", with: "model: near")
        let changed = fixture.text([Self.http], stages: DaemonFixture.judged + [fuzzed], judge: judge.endpoint)
            .replacing("  far: {", with: "  \(near)\n  far: {")
        let outcome = try await whileAJudgeIsAsked(judge, text) {
            #expect(try await !ask("/api/v1/pipeline").body.contains("fuzzed"))
            try write(changed)
            let reloaded = await reload(judge)
            try #require(reloaded.isInSync, "\(reloaded)")
            // It is not answered, so that the run goes on.
            await other.received(1)
            let pipeline = try await ask("/api/v1/pipeline").body
            #expect(pipeline.contains("\"id\":\"fuzzed\"") && pipeline.contains("\"phase\":\"running\""))
            #expect(pipeline.contains("model: near"))
            // By connections that are open: those of the nodes before are closed.
            let tried = try await ask("/api/v1/try?coder=corpus&latent=0&explanation=the%20token%20date")
            #expect(tried.status == 200 && tried.body.contains("\"method\":\"detection\""), "\(tried.body)")
            #expect(tried.body.contains("\"failed\":0"))
            other.expect(then: .judges())
            other.release()
        }
        #expect(outcome == RunOutcome(isStopped: false))
        await judge.stop()
        await other.stop()
    }
}
