import Elements
import GRDB
import Testing

@testable import Store

@Suite struct MigrationTests {
    /// A state directory as the first version left it, with a score in it.
    private func oldDirectory() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(scores: [Fixture.score(1)])
        try store.write { database in
            try database.execute(sql: "ALTER TABLE score DROP COLUMN control")
            try database.execute(sql: "ALTER TABLE score DROP COLUMN replicates")
            try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier IN ('controls', 'replicates')")
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
        #expect(try Store.reader(directory: directory.state).scores() == [Fixture.score(1)])
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
}
