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

/// Runs whose judge is asked by batches, by a clock that the test moves on.
@Suite(.timeLimit(.minutes(5))) struct BatchedRunTests {
    private let fixture: DaemonFixture

    init() throws { fixture = try DaemonFixture() }

    private func graph(_ fixture: DaemonFixture, _ server: RuleJudgeServer, batch: Bool = true) throws -> Graph {
        let batches = batch ? ", batch: true, batch_collect: 5s" : ""
        return try fixture.graph(
            stages: DaemonFixture.judged, judge: server.endpoint,
            asked: "retries: 0, timeout: 7d, price_input: 2, price_output: 4\(batches)")
    }

    /// Moves a fixture's clock on until a run is over; `at` is told the seconds that have passed.
    private func outcome(
        of graph: Graph, on fixture: DaemonFixture, at: @escaping @Sendable (Double) async throws -> Void = { _ in }
    ) async throws -> RunOutcome {
        try await fixture.outcomeInTime(of: graph, patience: .seconds(1_000_000), at: at)
    }

    /// The scores of a state by job, and what the judge cost.
    private func results(_ fixture: DaemonFixture, _ graph: Graph) throws -> (scores: [JobID: Score], spend: ModelSpend)
    {
        try fixture.openState(graph) { store in
            let scores = try store.scores(of: "detected")
            #expect(try store.jobStates()["detected"] == [.done: scores.count])
            return (
                Dictionary(uniqueKeysWithValues: scores.map { ($0.job, $0) }),
                try #require(try ModelSpend.note.read(in: store)?["far"])
            )
        }
    }

    private func plain(_ server: RuleJudgeServer) async throws -> (scores: [JobID: Score], spend: ModelSpend) {
        let whole = try DaemonFixture()
        let graph = try graph(whole, server, batch: false)
        try await whole.run(graph)
        return try results(whole, graph)
    }

    @Test func theScoresAreThoseOfQuestionsAskedOneByOneAtHalfThePrice() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await plain(server)
        let chats = server.requests.count
        let graph = try graph(fixture, server)
        #expect(try await outcome(of: graph, on: fixture) == RunOutcome(isStopped: false))
        let found = try results(fixture, graph)
        #expect(!expected.scores.isEmpty && found.scores == expected.scores)
        // All but the first one; all jobs wait at the same time, so that few batches are enough.
        #expect(server.requests.count - chats == 1)
        #expect(server.batches.sizes.reduce(0, +) == chats - 1 && server.batches.sizes.count <= 2)
        #expect(found.spend.tokensIn == expected.spend.tokensIn && found.spend.calls == expected.spend.calls)
        let (cost, saved) = (found.spend.cost ?? 0, found.spend.savedByBatches ?? 0)
        #expect(abs(cost + saved - (expected.spend.cost ?? 0)) < 1e-12 && saved > 0.2 * (cost + saved))
        await server.stop()
    }

    @Test func aKillAfterTheUploadNeitherPaysTwiceNorLosesAnAnswer() async throws {
        let server = try await RuleJudgeServer.start()
        let expected = try await plain(server)
        server.batches.hold(true)
        let graph = try graph(fixture, server)
        let image = try TemporaryDirectory()
        let isTaken = Mutex(false)
        let outcome = try await outcome(of: graph, on: fixture) { [fixture] seconds in
            guard seconds >= 60, !server.batches.sizes.isEmpty else { return }
            if !isTaken.withLock({ $0 }) {
                // What a process that is killed now leaves behind.
                try FileManager.default.copyItem(atPath: fixture.directory.state, toPath: image.state)
                isTaken.withLock { $0 = true }
            }
            // A stop waits for no batch.
            fixture.stop.raise()
        }
        #expect(outcome.isStopped)
        let batches = server.batches.sizes.count
        try FileManager.default.removeItem(atPath: fixture.directory.state)
        try FileManager.default.copyItem(atPath: image.state, toPath: fixture.directory.state)
        server.batches.hold(false)
        let next = try fixture.next()
        let nextGraph = try self.graph(next, server)
        #expect(try await self.outcome(of: nextGraph, on: next) == RunOutcome(isStopped: false))
        #expect(try results(next, nextGraph).scores == expected.scores)
        #expect(server.batches.sizes.count == batches && server.batches.uploads == batches)
        await server.stop()
    }
}
