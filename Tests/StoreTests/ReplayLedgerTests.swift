import Elements
import GRDB
import Testing

@testable import Store

/// Notes of which dead letters are sent again, beside the process that owns the state.
@Suite struct ReplayLedgerTests {
    private let directory: TemporaryDirectory
    private let store: Store

    /// Five letters of one partition, the third of another code.
    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        try store.commit(
            CheckpointCommit(
                epoch: 1, deadLetters: (0..<5).map { Fixture.letter($0, code: $0 == 2 ? "too-large" : "not-json") }))
    }

    private func begun(_ letter: StoredDeadLetter, start: Int64 = 100, count: Int = 1) -> BegunReplay {
        BegunReplay(letter: letter.sequence, position: letter.letter.position, start: start, count: count)
    }

    @Test func whatIsBegunIsKnownUntilItIsSettled() throws {
        let letters = try store.deadLetters(limit: 10)
        let ledger = try ReplayLedger(directory: directory.state)
        #expect(try store.unreplayedCount() == 5)
        try ledger.begin([begun(letters[0]), begun(letters[1], start: 7)])
        #expect(try store.begunReplays() == [begun(letters[0]), begun(letters[1], start: 7)])
        try ledger.settle(sent: [letters[0].sequence: 104], unsent: [letters[1].sequence])
        #expect(try store.begunReplays().isEmpty)
        let states = try store.replayStates(of: letters)
        #expect(states[letters[0].sequence] == ReplayState(earlier: 0, progress: .sent(offset: 104)))
        #expect(states[letters[1].sequence] == ReplayState(earlier: 0, progress: .notBegun))
        #expect(try store.unreplayedCount() == 4 && store.unreplayedCount(code: "too-large") == 1)
    }

    @Test func aNoteThatIsThereStaysAsItWas() throws {
        let letter = try #require(try store.deadLetters(limit: 1).first)
        let ledger = try ReplayLedger(directory: directory.state)
        try ledger.begin([begun(letter, start: 5)])
        try ledger.begin([begun(letter, start: 9, count: 4)])
        #expect(try store.begunReplays() == [begun(letter, start: 5)])
        try ledger.settle(sent: [letter.sequence: -1], unsent: [])
        try ledger.settle(sent: [:], unsent: [letter.sequence])
        #expect(
            try store.replayStates(of: [letter])[letter.sequence]
                == ReplayState(earlier: 0, progress: .sent(offset: nil)))
    }

    @Test func aRecordThatWasSentAgainAndRefusedIsKnownByItsPlace() throws {
        let letter = try #require(try store.deadLetters(limit: 1).first)
        let ledger = try ReplayLedger(directory: directory.state)
        try ledger.begin([begun(letter, count: 3)])
        try ledger.settle(sent: [letter.sequence: 200], unsent: [])
        try store.commit(CheckpointCommit(epoch: 2, deadLetters: [Fixture.letter(200), Fixture.letter(201)]))
        let later = try store.deadLetters(after: 5, limit: 10)
        let states = try store.replayStates(of: later)
        #expect(later.map { states[$0.sequence]?.earlier } == [3, 0])
    }

    @Test func oneProcessAtATimeHasTheLedger() throws {
        let first = try ReplayLedger(directory: directory.state)
        guard
            case .replayUnderWay? = storeError({ () throws(StoreError) in try ReplayLedger(directory: directory.state) }
            )
        else {
            Issue.record("two have the ledger")
            return
        }
        try withExtendedLifetime(first) { try first.begin([]) }
    }

    @Test func lettersAreChosenByNodeAndCode() throws {
        #expect(try store.deadLetters(limit: 10, code: "too-large").map(\.letter.position.offset) == [2])
        #expect(try store.deadLetters(after: 1, limit: 2, node: "corpus", code: "not-json").map(\.sequence) == [2, 4])
        #expect(try store.deadLetters(limit: 10, node: "nobody").isEmpty)
    }

    @Test func aStateOfAnEarlierVersionCanBeReadButNotWritten() throws {
        try store.write { database in
            try database.execute(
                sql: """
                    DROP TABLE dead_letter_replay;
                    DELETE FROM grdb_migrations WHERE identifier = 'replays of dead letters'
                    """)
        }
        let letters = try store.deadLetters(limit: 10)
        #expect(try store.begunReplays().isEmpty && store.replayStates(of: letters).isEmpty)
        #expect(try store.unreplayedCount() == 5)
        let ledger = try ReplayLedger(directory: directory.state)
        let error = storeError { () throws(StoreError) in try ledger.begin([begun(letters[0])]) }
        guard case .otherSchema(_, isNewer: false)? = error else {
            Issue.record("expected another schema, got \(String(describing: error))")
            return
        }
        try store.close()
        let next = try directory.open()
        try ledger.begin([begun(letters[0])])
        #expect(try next.begunReplays().count == 1)
        try next.close()
    }
}
