import Elements
import Nodes
import Observability
import Running
import StateFixtures
import Store
import Testing

/// Starts on a state of many results that are stopped while they read it.
@Suite(.timeLimit(.minutes(5))) struct StoppedStartTests {
    private static let count: UInt64 = 3000

    @Test(arguments: ["words", "run"]) func aStopWhileResultsAreReadBuildsNothingAndChangesNothing(
        node: String
    ) async throws {
        let fixture = try DaemonFixture()
        let graph = try fixture.graph()
        let before = try fixture.openState(graph) { store in
            if node == "words" {
                try store.record(explanations: (1...Self.count).map { Fixture.explanation($0, node: node) })
            } else {
                try store.record(scores: (1...Int(Self.count)).map { Fixture.score($0, 0.5, node: node) })
            }
            return try Content(store)
        }
        fixture.stop.raise()
        let outcome = try await fixture.outcome(of: graph)
        #expect(outcome == RunOutcome(isStopped: true))
        // It says what memory is expected once all nodes are built.
        #expect(fixture.notices.lines.isEmpty)
        #expect(try fixture.openState(graph) { try Content($0) } == before)
        let next = try fixture.next()
        try await next.run(try next.graph())
        #expect(next.notices.of("memory").count == 1 && next.progress.reading.records == DaemonFixture.rows)
    }

    private struct Content: Equatable {
        let explanations: [Explanation]
        let scores: [Score]
        let jobs: [JobRecord]
        let epoch: UInt64?

        init(_ store: Store) throws {
            explanations = try store.explanations()
            scores = try store.scores()
            jobs = try store.jobs()
            epoch = try store.latestCheckpoint()?.epoch
        }
    }
}
