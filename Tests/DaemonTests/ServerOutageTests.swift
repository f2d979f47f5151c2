import Daemon
import Elements
import Foundation
import Nodes
import Observability
import RuleJudgeServer
import Running
import StateFixtures
import StateNotes
import Store
import Synchronization
import Testing

/// Runs whose judge is away for a while, by a clock that the test moves on.
@Suite(.timeLimit(.minutes(5))) struct ServerOutageTests {
    private let fixture: DaemonFixture

    init() throws { fixture = try DaemonFixture() }

    /// A topology that asks a judge, no request of which takes too long, however fast the clock goes.
    private func graph(_ fixture: DaemonFixture, _ server: RuleJudgeServer) throws -> Graph {
        try fixture.graph(stages: DaemonFixture.judged, judge: server.endpoint, asked: "retries: 0, timeout: 7d")
    }

    /// Moves a fixture's clock on by half a second at a time until a run is over.
    ///
    /// - Parameters:
    ///   - server: Time passes once it has been asked again; `nil` for at once.
    ///   - at: Told the seconds that have passed.
    private func outcome(
        of graph: Graph, on fixture: DaemonFixture, askingOf server: RuleJudgeServer?,
        patience: Duration = .seconds(600), untilDrained: Bool = true,
        at: @escaping @Sendable (Double) async throws -> Void
    ) async throws -> RunOutcome {
        try await fixture.outcomeInTime(
            of: graph, patience: patience, untilDrained: untilDrained, askingOf: server, at: at)
    }

    /// The scores of a state by job.
    private func scores(_ fixture: DaemonFixture, _ graph: Graph) throws -> [JobID: Score] {
        try fixture.openState(graph) { store in
            let scores = try store.scores(of: "detected")
            #expect(try store.jobStates()["detected"] == [.done: scores.count])
            return Dictionary(uniqueKeysWithValues: scores.map { ($0.job, $0) })
        }
    }

    /// The scores of a run without an outage, behind the same address.
    private func undisturbed(_ server: RuleJudgeServer) async throws -> [JobID: Score] {
        let whole = try DaemonFixture()
        let graph = try graph(whole, server)
        try await whole.run(graph)
        return try scores(whole, graph)
    }

    @Test func anOutageOfTwoMinutesLosesNothingAndNeedsNobody() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await undisturbed(server)
        #expect(!expected.isEmpty)
        server.expect(then: .answers(503, body: "loading"))
        let graph = try graph(fixture, server)
        let told = Mutex<[String: Int64]?>(nil)
        let outcome = try await outcome(of: graph, on: fixture, askingOf: server) { [fixture] seconds in
            guard fixture.progress.reading.servers["far"]?.awaySince != nil else { return }
            let reader = try Store.reader(directory: fixture.directory.state)
            if let note = try AwayServers.note.read(in: reader), !note.isEmpty { told.withLock { $0 = note } }
            if seconds >= 120, told.withLock({ $0 != nil }) { server.expect(then: .judges()) }
        }
        #expect(outcome == RunOutcome(isStopped: false))
        #expect(try scores(fixture, graph) == expected)
        #expect(fixture.progress.reading.failures.isEmpty && fixture.progress.reading.postponed.isEmpty)
        // Who looks on is told meanwhile, and not for ever.
        #expect(told.withLock { $0?.keys.sorted() } == ["far"])
        #expect(fixture.progress.reading.servers["far"]?.awaySince == nil)
        let lines = fixture.notices.of("far")
        #expect(lines.first?.hasPrefix("far: the server is away, and jobs wait for it: ") == true)
        #expect(lines.first?.contains("503: loading") == true)
        #expect(lines.last?.hasPrefix("far: the server answers again, after ") == true)
        #expect(try fixture.openState(graph) { try AwayServers.note.read(in: $0) } == [:])
        await server.stop()
    }

    @Test func aCrashInAnOutageLosesNothing() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await undisturbed(server)
        server.expect(then: .answers(503))
        let graph = try graph(fixture, server)
        let image = try TemporaryDirectory()
        let isTaken = Mutex(false)
        _ = try await outcome(of: graph, on: fixture, askingOf: server) { [fixture] seconds in
            guard seconds >= 60, fixture.progress.reading.servers["far"]?.awaySince != nil else { return }
            if !isTaken.withLock({ $0 }) {
                // What a process that is killed now leaves behind.
                try FileManager.default.copyItem(atPath: fixture.directory.state, toPath: image.state)
                isTaken.withLock { $0 = true }
            }
            fixture.stop.raise()
        }
        try FileManager.default.removeItem(atPath: fixture.directory.state)
        try FileManager.default.copyItem(atPath: image.state, toPath: fixture.directory.state)
        server.expect(then: .judges())
        let next = try fixture.next()
        let nextGraph = try self.graph(next, server)
        try await next.run(nextGraph)
        #expect(try scores(next, nextGraph) == expected)
        await server.stop()
    }

    @Test func aStopInAnOutageLeavesTheJobsToTheNextStart() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await undisturbed(server)
        server.expect(then: .answers(429, headers: ["Retry-After": "7"]))
        let graph = try graph(fixture, server)
        let stopped = try await outcome(of: graph, on: fixture, askingOf: server) { [fixture] seconds in
            if seconds >= 60 { fixture.stop.raise() }
        }
        #expect(stopped.isStopped && stopped.failed.isEmpty && stopped.left.isEmpty)
        let open = try fixture.openState(graph) { try $0.jobs(of: "detected") }
        #expect(!open.isEmpty && open.allSatisfy { $0.state == .open && $0.attempts == 0 })

        server.expect(then: .judges())
        let next = try fixture.next()
        let nextGraph = try self.graph(next, server)
        try await next.run(nextGraph)
        #expect(try scores(next, nextGraph) == expected)
        await server.stop()
    }

    @Test func afterItsPatienceARunUntilDrainedLeavesTheJobsOpenAndSaysSo() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await undisturbed(server)
        await server.stop()
        let graph = try graph(fixture, server)
        let outcome = try await outcome(of: graph, on: fixture, askingOf: nil, patience: .seconds(90)) { _ in }
        let open = try fixture.openState(graph) { try $0.jobs(of: "detected") }
        #expect(!open.isEmpty && open.allSatisfy { $0.state == .open && $0.attempts == 0 })
        #expect(outcome == RunOutcome(isStopped: false, left: ["detected": open.count]))

        let again = try await RuleJudgeServer.start(port: server.port)
        let next = try fixture.next()
        let nextGraph = try self.graph(next, again)
        try await next.run(nextGraph)
        #expect(try scores(next, nextGraph) == expected)
        await again.stop()
    }

    @Test func jobsThatFailInPassingAreTriedAgainByThemselves() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await undisturbed(server)
        // Each of these is the end of a job, since nothing is retried within one.
        server.expect(.answers(500), .answers(200, body: "{\"choices\":[{"), .answers(500), then: .judges())
        let graph = try graph(fixture, server)
        #expect(try await outcome(of: graph, on: fixture, askingOf: server) { _ in } == RunOutcome(isStopped: false))
        #expect(try scores(fixture, graph) == expected)
        #expect(fixture.progress.reading.failures.isEmpty && fixture.progress.reading.postponed == ["detected": 0])
        await server.stop()
    }

    @Test func whatFailsAgainAndAgainIsGivenUpAndARefusalAtOnce() async throws {
        let server = try await RuleJudgeServer.start()
        for (status, attempts) in [(500, 4), (400, 1)] {
            let fixture = try DaemonFixture()
            server.expect(then: .answers(status, body: "no"))
            let graph = try graph(fixture, server)
            let outcome = try await outcome(of: graph, on: fixture, askingOf: server) { _ in }
            let jobs = try fixture.openState(graph) { try $0.jobs(of: "detected") }
            #expect(!jobs.isEmpty && jobs.allSatisfy { $0.state == .failed && $0.attempts == attempts })
            #expect(outcome == RunOutcome(isStopped: false, failed: ["detected": jobs.count]))
        }
        await server.stop()
    }

    @Test func aRestartKeepsTheDelay() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .answers(500))
        let graph = try graph(fixture, server)
        let beginning = Int64(Date().timeIntervalSince1970 * 1000)
        _ = try await outcome(of: graph, on: fixture, askingOf: server, untilDrained: false) { [fixture] _ in
            if fixture.progress.reading.postponed["detected"] ?? 0 > 0 { fixture.stop.raise() }
        }
        let asked = server.requests.count
        let waiting = try fixture.openState(graph) { try $0.jobs(of: "detected").filter { $0.notBefore > 0 } }
        #expect(!waiting.isEmpty)
        // By clocks that stand still nothing of it comes due.
        let next = try fixture.next()
        let running = Task {
            try await next.run(try self.graph(next, server)) { options in
                options.untilDrained = false
                options.now = { beginning }
            }
        }
        while next.progress.reading.postponed["detected"] != waiting.count { await Task.yield() }
        next.stop.raise()
        try await running.value
        let kept = try fixture.openState(graph) { try $0.jobs(of: "detected").filter { $0.attempts > 0 } }
        let ids = Set(waiting.map(\.job.id))
        #expect(kept.filter { ids.contains($0.job.id) }.allSatisfy { waiting.map(\.notBefore).contains($0.notBefore) })
        #expect(server.requests.count >= asked)
        await server.stop()
    }

    @Test func jobsThatWaitForAnotherTryAreDoneAtOnceWhenSomebodyAsks() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await undisturbed(server)
        // Until it is asked for, each try fails; after the first the next would come five seconds later.
        server.expect(then: .answers(500))
        let graph = try graph(fixture, server)
        let asked = Mutex<Double?>(nil)
        let outcome = try await outcome(of: graph, on: fixture, askingOf: server) { [fixture] seconds in
            if let asked = asked.withLock({ $0 }), seconds == asked + 3 {
                // From now on no time passes in which another try would come by itself.
                while fixture.progress.reading.scores["detected"] != expected.count { await Task.yield() }
            }
            guard fixture.progress.reading.postponed["detected"] == expected.count, asked.withLock({ $0 == nil })
            else { return }
            server.expect(then: .judges())
            asked.withLock { $0 = seconds }
            // Beside the daemon, which has the state's lock.
            let count = try RetryRequests.add(directory: fixture.directory.state)
            #expect(count == expected.count)
        }
        #expect(outcome == RunOutcome(isStopped: false))
        let done = try scores(fixture, graph)
        #expect(done == expected)
        #expect(asked.withLock { $0 } != nil)
        await server.stop()
    }
}
