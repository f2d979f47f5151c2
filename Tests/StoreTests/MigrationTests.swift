import Elements
import GRDB
import Testing

@testable import Store

@Suite struct MigrationTests {
    /// A state directory as the first version left it, with a score in it.
    private func oldDirectory(explanation: Explanation? = nil) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(explanations: explanation.map { [$0] } ?? [], scores: [Fixture.score(1)])
        try store.write { database in
            for column in [
                "control", "replicates", "tokens_cached", "sequential", "epoch", "windows_fired", "recent", "contest",
                "logits",
            ] {
                try database.execute(sql: "ALTER TABLE score DROP COLUMN \(column)")
            }
            for column in ["basis", "standing", "reason", "parts"] {
                try database.execute(sql: "ALTER TABLE explanation DROP COLUMN \(column)")
            }
            for column in ["node", "explained_by", "control", "job", "explanation"] {
                try database.execute(sql: "ALTER TABLE event DROP COLUMN \(column)")
            }
            try database.execute(sql: "DROP TABLE choice")
            try database.execute(
                sql: """
                    DELETE FROM grdb_migrations
                    WHERE identifier IN ('controls', 'replicates', 'money', 'continuity', 'event subjects', 'log-odds',
                        'parts of explanations')
                    """)
        }
        try store.close()
        return directory
    }

    @Test func anOldDirectoryOpensWithWhatIsInIt() throws {
        let directory = try oldDirectory()
        let store = try directory.open()
        #expect(try store.scores() == [Fixture.score(1)])
        try store.record(scores: [Fixture.score(2)])
        #expect(try store.scores().count == 2)
        try store.close()
    }

    @Test func anOldDirectoryCanBeReadBeforeItIsBroughtUpToDate() throws {
        let directory = try oldDirectory()
        let reader = try Store.reader(directory: directory.state)
        #expect(try reader.scores() == [Fixture.score(1)])
        #expect(try reader.choices().isEmpty)
    }

    @Test func eventsOfAnOldDirectorySayWhatTheyConcern() throws {
        let directory = try oldDirectory(explanation: Fixture.explanation(4, text: "ends with \u{1b}\"é"))
        let subjects = [
            EventSubject(
                coder: "codes", latent: 4, node: "prose", job: Fixture.hash(4), explanation: Fixture.hash(4)),
            EventSubject(
                coder: "codes", latent: 1, node: "detected", explainedBy: "prose", job: Fixture.hash(1),
                explanation: Fixture.hash(1000)),
        ]
        let reader = try Store.reader(directory: directory.state)
        #expect(try reader.events(after: 0, limit: 9).map(\.subject) == subjects)
        let outlines = try reader.outlines(limit: 9)
        #expect(outlines.flatMap(\.events).map(\.subject) == subjects.reversed())
        #expect(outlines.flatMap(\.explanations).map(\.isChallenger) == [false])
        let store = try directory.open()
        #expect(try store.events(after: 0, limit: 9).map(\.subject) == subjects)
    }

    @Test func aControlAndItsReplicatesAreKept() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let plain = Fixture.score(1)
        let control = Score(
            job: Fixture.hash(2), node: plain.node, method: plain.method, coder: plain.coder, latent: plain.latent,
            explanation: plain.explanation, explainedBy: plain.explainedBy, text: plain.text, headline: plain.headline,
            details: [:], judged: 1, failed: 0, tokensIn: 0, tokensOut: 0, control: "shuffled",
            replicates: ScoreReplicates(
                parts: [(0..<ScoreReplicates.count).map { $0 == 7 ? nil : Double($0) / 200 }]))
        #expect(control.replicates != nil)
        try store.record(scores: [plain, control])
        #expect(Set(try store.scores()) == [plain, control])
        #expect(ResultEnvelope.json(control, at: 0).contains("\"control\":\"shuffled\""))
    }

    @Test func whatWasNotAskedAndWhatWasCachedIsKept() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let plain = Fixture.score(1)
        let accounts = [
            SequentialAccount(verdict: "interpretable", threshold: 0.75, asked: 35, available: 100),
            SequentialAccount(
                verdict: "not-interpretable", threshold: 0.75, asked: 0, available: 0, settledBy: "embedded"),
        ]
        let scores = accounts.enumerated().map { number, account in
            Score(
                job: Fixture.hash(UInt64(number) + 2), node: plain.node, method: plain.method, coder: plain.coder,
                latent: plain.latent, explanation: plain.explanation, explainedBy: plain.explainedBy,
                text: plain.text, headline: plain.headline, details: [:], judged: 1, failed: 0, tokensIn: 40,
                tokensOut: 2, tokensCached: number == 0 ? 32 : nil, sequential: account)
        }
        try store.record(scores: scores)
        #expect(Set(try store.scores()) == Set(scores))
        let json = ResultEnvelope.json(scores[0], at: 0)
        #expect(json.contains("\"tokens_cached\":32,\"sequential\":{\"verdict\":\"interpretable\",\"threshold\":0.75,"))
        #expect(ResultEnvelope.json(scores[1], at: 0).contains("\"settled_by\":\"embedded\""))
    }
}
