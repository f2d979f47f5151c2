import Elements
import GRDB
import Synchronization
import Testing

@testable import Store

@Suite struct LatentOutlineTests {
    /// Notes the statements of a reader's later calls.
    private final class Statements: Sendable {
        private let noted = Mutex<[String]>([])

        init(of reader: StoreReader) throws {
            try reader.connection.read { database in
                database.trace { event in
                    let text = event.expandedDescription
                    self.noted.withLock { $0.append(text) }
                }
            }
        }

        /// What a call gives, with the statements that it takes.
        func during<Value>(_ call: () throws -> Value) rethrows -> (value: Value, statements: [String]) {
            noted.withLock { $0 = [] }
            let value = try call()
            return (value, noted.withLock(\.self))
        }
    }

    private func filled(_ directory: borrowing TemporaryDirectory) throws {
        let store = try directory.open()
        try store.record(
            explanations: (1...60).map { Fixture.explanation($0) }, scores: (101...160).map { Fixture.score($0) },
            choices: (201...260).map { Fixture.choice($0, latent: Int($0)) })
        try store.close()
    }

    @Test func aLongPageTakesNoMoreStatementsThanAShortOne() throws {
        let directory = try TemporaryDirectory()
        try filled(directory)
        let reader = try Store.reader(directory: directory.state)
        let statements = try Statements(of: reader)
        _ = try reader.outlines(limit: 1)
        let short = try statements.during { try reader.outlines(limit: 2).count }
        let long = try statements.during { try reader.outlines(limit: 180).count }
        #expect(short.value == 2 && long.value == 180)
        #expect(!short.statements.isEmpty && long.statements.count == short.statements.count)
        let one = try statements.during { try reader.events(at: [3]).count }
        let many = try statements.during { try reader.events(at: Array(1...170)).count }
        #expect(one.value == 1 && many.value == 170)
        #expect(!one.statements.isEmpty && many.statements.count == one.statements.count)
    }

    @Test func noTableIsReadOutsideOfThePage() throws {
        let directory = try TemporaryDirectory()
        try filled(directory)
        let reader = try Store.reader(directory: directory.state)
        let statements = try Statements(of: reader)
        let last = LatentKey(coder: "codes", latent: 40)
        let noted = try statements.during {
            _ = try reader.outlines(limit: 9)
            for coder in ["codes", "other", nil] { _ = try reader.outlines(coder: coder, after: last, limit: 9) }
            _ = try reader.choices(latent: last)
        }.statements
        let selections = noted.filter { text in
            ["FROM event", "FROM explanation", "FROM choice"].contains { text.contains($0) }
        }
        #expect(selections.count > 10)
        for selection in selections where !selection.contains("WHERE TRUE") {
            let plan = try reader.connection.read { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(selection)") }
                .map { $0.text("detail") }
            #expect(
                plan.contains { $0.hasPrefix("SEARCH") } && !plan.contains { $0.hasPrefix("SCAN") },
                "\(selection): \(plan)")
        }
    }

    @Test func anOutlineSaysWhatWasMadeAgainAndWhatCameOfIt() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        var again = Fixture.explanation(2)
        again.provenance.again = ExplainedAgain(standing: Fixture.hash(1), reason: .fallen)
        try store.record(explanations: [again, Fixture.explanation(3)], choices: [Fixture.choice(2)])
        let outlines = try store.outlines(limit: 9)
        #expect(outlines.map(\.key.latent) == [2, 3])
        #expect(outlines.map { $0.explanations.map(\.isChallenger) } == [[true], [false]])
        #expect(outlines.map { $0.events.map(\.type) } == [[.explanation], [.explanation, .choice]])
        #expect(outlines[1].events == (try store.events(coder: "codes", latent: 3).map(\.outline)))
        let choice = try #require(outlines[1].choices.first)
        #expect(choice.challenger == again.job && choice.standing == Fixture.hash(1) && choice.outcome == .replaced)
        #expect(try store.events(at: [2, 77]).mapValues(\.subject.latent) == [2: 3])
        #expect(try store.outlines(after: LatentKey(coder: "codes", latent: 3), limit: 9).isEmpty)
    }
}
