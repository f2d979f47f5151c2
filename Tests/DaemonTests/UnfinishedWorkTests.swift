import Elements
import Kafka
import Nodes
import Observability
import RuleJudgeServer
import Running
import StateFixtures
import StateNotes
import Store
import Testing

/// What an operator is told, at the end of a run, of work that was left undone.
@Suite(.timeLimit(.minutes(5))) struct UnfinishedWorkTests {
    private let fixture: DaemonFixture

    init() throws { fixture = try DaemonFixture() }

    /// A clock in which waits of some lengths are over at once, and all others last until they are cancelled.
    private struct PatienceClock: Clock {
        let over: Set<Duration>
        let now = ContinuousClock.now
        var minimumResolution: Duration { .zero }

        func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
            if !over.contains(now.duration(to: deadline)) {
                try await TickClock().sleep(until: deadline, tolerance: nil)
            }
        }
    }

    @Test func callsThatWereMadeAreInTheBooksWhenTheStateIsClosed() async throws {
        let judge = try await RuleJudgeServer.start()
        let graph = try fixture.graph(stages: DaemonFixture.judged, judge: judge.endpoint)
        try await fixture.run(graph)
        let spent = try #require(try fixture.openState(graph) { try ModelSpend.note.read(in: $0) }?["far"])
        #expect(spent.calls == judge.requests.count && spent.calls > 0)
        #expect(spent.tokensIn > 0 && spent.tokensOut > 0)
        await judge.stop()
    }

    @Test func jobsThatASpentBudgetHoldsBackAreCountedAndNobodyIsAsked() async throws {
        let judge = try await RuleJudgeServer.start()
        let graph = try fixture.graph(
            ["budget: { tokens: 0 }"], stages: DaemonFixture.judged, judge: judge.endpoint)
        try await fixture.run(graph)
        let open = try fixture.openState(graph) { try $0.jobs(in: .open) }
        #expect(!open.isEmpty && open.allSatisfy { $0.job.node == "detected" })
        #expect(
            fixture.notices.of("detected") == [
                "detected: budget spent: \(open.count) jobs wait for a start with a larger `budget`"
            ])
        #expect(judge.requests.isEmpty)
        await judge.stop()
    }

    @Test func jobsThatFailedAreCountedWithTheLastReasonAndTriedAgain() async throws {
        let judge = try await RuleJudgeServer.start()
        judge.expect(then: .answers(400, body: "no such model"))
        let graph = try fixture.graph(stages: DaemonFixture.judged, judge: judge.endpoint)
        let outcome = try await fixture.outcome(of: graph)
        let failed = try fixture.openState(graph) { try $0.jobs(in: .failed) }
        #expect(!failed.isEmpty)
        // Whoever started the run has to learn that results are missing.
        #expect(outcome == RunOutcome(isStopped: false, failed: ["detected": failed.count]))
        let lines = fixture.notices.of("detected")
        #expect(lines.count == 1)
        #expect(
            lines.first?.hasPrefix(
                "detected: \(failed.count) jobs failed and are tried again at the next start; the last: ") == true)
        #expect(lines.first?.contains("no such model") == true)

        judge.expect(then: .judges())
        let next = try fixture.next()
        let nextGraph = try next.graph(stages: DaemonFixture.judged, judge: judge.endpoint)
        let nextOutcome = try await next.outcome(of: nextGraph)
        #expect(nextOutcome == RunOutcome(isStopped: false))
        #expect(try next.openState(graph) { try $0.jobs(in: .failed) }.isEmpty)
        #expect(next.notices.of("detected").isEmpty)
        await judge.stop()
    }

    @Test func aRunOfWhoseJobsSomeAreDoneSaysHowManyFailed() async throws {
        let judge = try await RuleJudgeServer.start()
        try await fixture.run(try fixture.graph(stages: DaemonFixture.judged, judge: judge.endpoint))
        judge.expect(then: .answers(400, body: "not this one"))
        let next = try fixture.next()
        let further = "fuzzed: { type: score, method: fuzzing, model: far, inputs: [words], examples: 4 }"
        let graph = try next.graph(stages: DaemonFixture.judged + [further], judge: judge.endpoint)
        let outcome = try await next.outcome(of: graph)
        let (failed, done) = try next.openState(graph) {
            (try $0.jobs(of: "fuzzed", in: .failed), try $0.jobs(of: "detected", in: .done))
        }
        #expect(!failed.isEmpty && !done.isEmpty)
        #expect(outcome == RunOutcome(isStopped: false, failed: ["fuzzed": failed.count]))
        await judge.stop()
    }

    @Test func resultsArePublishedBeforeTheRunEnds() async throws {
        let cluster = try MockCluster(topics: ["results": 1])
        let sink = "out: { type: kafka, brokers: \"\(cluster.brokers)\", inputs: [words], topic: results }"
        let graph = try fixture.graph(sinks: [sink])
        try await fixture.run(graph)
        #expect(try fixture.openState(graph) { try $0.pendingOutbox(limit: 10) }.isEmpty)
        #expect(fixture.notices.of("outbox").isEmpty)
    }

    @Test func aSinkThatTakesNothingIsLeftWithItsResultsInTheOutbox() async throws {
        let sink = "out: { type: kafka, brokers: \"127.0.0.1:9\", inputs: [words], topic: results }"
        let graph = try fixture.graph(sinks: [sink])
        let patience = ShutdownPatience.standard
        let outcome = try await fixture.outcome(of: graph) { options in
            options.untilDrained = true
            options.clock = PatienceClock(over: [patience.outboxAfterDrain, patience.step])
        }
        #expect(outcome == RunOutcome(isStopped: false, unpublished: ["out": 3]))
        #expect(
            fixture.notices.of("out").contains(
                "out: 3 messages stay in the outbox for the next start: the sink took nothing for 30 s"))
        #expect(!fixture.notices.of("out").contains { $0.contains("CancellationError") })
        #expect(fixture.notices.of("outbox") == ["outbox: not closed after 10 s, and left"])
        // What comes after a step that hangs is closed all the same.
        let left = try fixture.openState(graph) { try $0.pendingOutbox(limit: 10) }
        #expect(left.map(\.sink) == ["out", "out", "out"])

        // After a stop it has less time.
        let next = try fixture.next()
        next.stop.raise()
        try await next.run(try next.graph(sinks: [sink])) { options in
            options.clock = PatienceClock(over: [patience.outboxAfterStop, patience.step])
        }
        #expect(
            next.notices.of("out").contains(
                "out: 3 messages stay in the outbox for the next start: the sink took nothing for 5 s"))
        #expect(try next.openState(graph) { try $0.pendingOutbox(limit: 10) } == left)
    }
}
