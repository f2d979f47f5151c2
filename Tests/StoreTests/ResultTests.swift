import Elements
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Store

@Suite struct ResultTests {
    private let results = OutboxTarget(sink: "results", topic: "gloss.results")
    private let copies = OutboxTarget(sink: "copies", topic: "copies")

    @Test func resultsComeBackAsTheyWere() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let explanations = [
            Fixture.explanation(2), Fixture.explanation(1, text: "ends with \u{1b}é"),
            Fixture.explanation(3, node: "lexical"),
        ]
        let scores = [
            Fixture.score(11, details: ["auroc": Estimate(value: 0.9, lower: 0.8, upper: 0.95, count: 50)]),
            Fixture.score(12, headline: nil),
        ]
        #expect(try store.record(explanations: explanations, scores: scores) == 5)
        #expect(try store.explanations() == [explanations[1], explanations[0], explanations[2]])
        #expect(try store.explanations(of: "prose") == [explanations[1], explanations[0]])
        #expect(try store.explanations(coder: "codes", latent: 3) == [explanations[2]])
        #expect(try store.scores() == scores)
        #expect(try store.scores(of: "prose") == [])
        #expect(try store.scores(coder: "codes", latent: 12) == [scores[1]])
        #expect(try store.scores(coder: "other", latent: 12) == [])
    }

    @Test func aResultClosesItsJobWhetherPlannedOrFailedOrNew() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.insertJobs([Fixture.job(1), Fixture.job(2)])
        try store.fail(job: Fixture.hash(2), reason: "down", attempts: 1)
        try store.record(explanations: (1...3).map { Fixture.explanation($0) })
        #expect(try store.jobStates() == ["prose": [.done: 3]])
        #expect(try store.jobs().map(\.reason) == [nil, nil, nil])
    }

    @Test func recordingTheSameResultAgainChangesNothing() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let sinks = { (_: String) in [results, copies] }
        try store.record(explanations: [Fixture.explanation(1)], scores: [Fixture.score(2)], sinks: sinks)
        let outbox = try store.pendingOutbox(limit: 100)
        let events = try store.events(after: 0, limit: 100)
        let jobs = try store.jobs()
        let again = try store.record(
            explanations: [Fixture.explanation(1, text: "another answer")],
            scores: [Fixture.score(2, headline: nil), Fixture.score(2)], sinks: sinks)
        #expect(again == 0)
        #expect(try store.pendingOutbox(limit: 100) == outbox)
        #expect(try store.events(after: 0, limit: 100) == events)
        #expect(try store.jobs() == jobs)
        #expect(try store.explanations() == [Fixture.explanation(1)])
        try store.markSent(outbox.map(\.sequence))
        try store.record(explanations: [Fixture.explanation(1)], sinks: sinks)
        #expect(try store.pendingOutbox(limit: 100) == [])
    }

    @Test func everySinkGetsEachResultUnderItsJobsKey() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(explanations: [Fixture.explanation(1)], scores: [Fixture.score(2)]) { node in
            node == "prose" ? [results, copies] : [results]
        }
        let rows = try store.pendingOutbox(limit: 100)
        let first = Fixture.hash(1)
        let second = Fixture.hash(2)
        #expect(rows.map(\.sink) == ["results", "copies", "results"])
        #expect(rows.map(\.topic) == ["gloss.results", "copies", "gloss.results"])
        #expect(rows.map(\.dedupe) == ["results/\(first)", "copies/\(first)", "results/\(second)"])
        #expect(rows.map { String(decoding: $0.key, as: UTF8.self) } == ["\(first)", "\(first)", "\(second)"])
        let events = try store.events(after: 0, limit: 10)
        #expect(rows.map { String(decoding: $0.value, as: UTF8.self) } == [0, 0, 1].map { events[$0].json })
    }

    @Test func aFailureHalfWayLeavesNoneOfTheResults() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON event WHEN new.latent = 3
                    BEGIN SELECT raise(ABORT, 'refused'); END
                    """)
        }
        let refusal = storeError { () throws(StoreError) in
            try store.record(explanations: (1...3).map { Fixture.explanation($0) }) { _ in [results] }
        }
        #expect(refusal == .database(path: store.connection.path, reason: "refused"))
        #expect(try store.explanations() == [])
        #expect(try store.jobs() == [])
        #expect(try store.pendingOutbox(limit: 10) == [])
        #expect(try store.latestCursor() == 0)
    }

    @Test func figuresThatAreNotFiniteAreLeftOut() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let good = Estimate(value: 0.5, lower: 0.4, upper: 0.6, count: 9)
        let bad = Estimate(value: .nan, lower: 0.4, upper: .infinity, count: 9)
        try store.record(scores: [Fixture.score(1, headline: bad, details: ["f1": bad, "auroc": good])])
        #expect(try store.scores() == [Fixture.score(1, headline: nil, details: ["auroc": good])])
    }

    @Test func fourThousandResultsAreOneTransactionOfAFewStatementsEach() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let explanations = (0..<4096).map { Fixture.explanation($0) }
        let ran = Mutex<[String: Int]>([:])
        store.pool.writeWithoutTransaction { database in
            database.trace { event in
                guard case .statement(let statement) = event else { return }
                let verb = statement.sql.split(separator: " ").first.map { $0.uppercased() } ?? ""
                ran.withLock { $0[verb, default: 0] += 1 }
            }
        }
        try store.record(explanations: explanations) { _ in [results] }
        let counts = ran.withLock { $0 }
        #expect(counts["BEGIN"] == 1)
        #expect(counts["COMMIT"] == 1)
        #expect(counts.values.reduce(0, +) <= 5 * 4096 + 2, "\(counts)")
        #expect(try store.jobStates() == ["prose": [.done: 4096]])
    }
}
