import Elements
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct CheckpointTests {
    @Test func thereIsNoneBeforeTheFirst() throws {
        let directory = try TemporaryDirectory()
        #expect(try directory.open().latestCheckpoint() == nil)
    }

    @Test func fencesComeBackAsTheyWere() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let last = Fence.LastRecord(offset: .max, hash: .max)
        let fences = [
            Fixture.fence(0, next: 0), Fixture.fence(1, next: .max, last: last),
            Fence(
                source: "files", topic: "/a b/ä.jsonl", partition: 0, next: 12, last: .init(offset: 12, hash: 0),
                contexts: 7),
        ]
        try store.commit(CheckpointCommit(epoch: 1, fences: fences.reversed()))
        #expect(
            try store.latestCheckpoint() == StoredCheckpoint(epoch: 1, fences: fences, committed: Fixture.time))
    }

    @Test func aFenceMovesOnAndOnesNotNamedStay() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let last = Fence.LastRecord(offset: 4, hash: 17)
        try store.commit(
            CheckpointCommit(epoch: 1, fences: [Fixture.fence(0, next: 5, last: last), Fixture.fence(1, next: 6)]))
        try store.commit(CheckpointCommit(epoch: 4, fences: [Fixture.fence(0, next: 2)]))
        let checkpoint = try store.latestCheckpoint()
        #expect(checkpoint?.epoch == 4)
        #expect(checkpoint?.fences == [Fixture.fence(0, next: 2), Fixture.fence(1, next: 6)])
    }

    @Test(arguments: [UInt64(0), 6, 7])
    func anEpochThatIsNotAboveTheLastIsRefused(epoch: UInt64) throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 7))
        #expect(
            storeError { () throws(StoreError) in try store.commit(CheckpointCommit(epoch: epoch)) }
                == .staleEpoch(given: epoch, stored: 7))
    }

    @Test func anEpochBeyondTheDatabasesIntegersIsRefused() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        guard
            case .unstorable = storeError({ () throws(StoreError) in try store.commit(CheckpointCommit(epoch: .max)) })
        else {
            Issue.record("expected a refusal")
            return
        }
    }

    /// Everything a checkpoint can hold, over an empty first one.
    private let full = CheckpointCommit(
        epoch: 2, segments: [.init(node: "evidence", bytes: [1, 2, 3])], fences: [Fixture.fence(0, next: 9)],
        deadLetters: [Fixture.letter(3)], deadLetterTargets: ["corpus": [OutboxTarget(sink: "rejected", topic: "d")]],
        jobs: [Fixture.job(12), Fixture.job(13)],
        outbox: [OutboxMessage(target: OutboxTarget(sink: "s", topic: "t"), key: [], value: [1], dedupe: "x")])

    private func expectOnlyTheFirstCheckpoint(in store: Store) throws {
        #expect(try store.latestCheckpoint()?.epoch == 1)
        #expect(try store.latestCheckpoint()?.fences == [])
        #expect(try store.segments(of: "evidence") == [])
        #expect(try store.jobs() == [])
        #expect(try store.deadLetters(limit: 10) == [])
        #expect(try store.pendingOutbox(limit: 10) == [])
    }

    @Test(arguments: ["segment", "segment_part", "fence", "dead_letter", "job", "outbox", "checkpoint"])
    func aCommitThatFailsAtAnyTableLeavesNothing(table: String) throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 1))
        try store.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER refuse AFTER INSERT ON \(table) WHEN 1 BEGIN SELECT raise(ABORT, 'refused'); END
                    """)
        }
        #expect(
            storeError { () throws(StoreError) in try store.commit(full) }
                == .database(path: store.connection.path, reason: "refused"))
        try expectOnlyTheFirstCheckpoint(in: store)
        try store.write { try $0.execute(sql: "DROP TRIGGER refuse") }
        #expect(try store.commit(full) == Store.CommitCounts(deadLetters: 1, jobs: 2))
        #expect(try store.pendingOutbox(limit: 10).map(\.sink) == ["rejected", "s"])
    }

    @Test func aFullDiskIsSaidAndLeavesNothing() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 1))
        try store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 4)")
        }
        let large = CheckpointCommit(
            epoch: 2, segments: [.init(node: "evidence", bytes: [UInt8](repeating: 7, count: 1 << 20))],
            fences: [Fixture.fence(0, next: 9)])
        #expect(
            storeError { () throws(StoreError) in try store.commit(large) }
                == .diskFull(path: store.connection.path))
        try expectOnlyTheFirstCheckpoint(in: store)
        try store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try store.commit(large)
        #expect(try store.latestCheckpoint()?.epoch == 2)
    }

    @Test func whatWasCommittedIsThereAfterAKill() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 1))
        try store.commit(full)
        // A killed process leaves its files as they are, the log beside the database and no lock.
        let copy = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: copy.state, withIntermediateDirectories: true)
        for file in ["gloss.sqlite", "gloss.sqlite-wal", "gloss.lock"] {
            try FileManager.default.copyItem(atPath: directory.state + "/" + file, toPath: copy.state + "/" + file)
        }
        let reader = try Store.reader(directory: copy.state)
        #expect(try reader.latestCheckpoint()?.epoch == 2)
        let revived = try copy.open()
        #expect(try revived.latestCheckpoint() == store.latestCheckpoint())
        #expect(try revived.segments(of: "evidence").map(\.bytes) == [[1, 2, 3]])
        #expect(try revived.jobs(of: "prose", in: .open).map(\.job) == full.jobs)
        #expect(try revived.deadLetters(limit: 10).map(\.letter) == full.deadLetters)
        #expect(try revived.pendingOutbox(limit: 10) == store.pendingOutbox(limit: 10))
    }

    @Test func aReaderSeesWhatTheDaemonCommitsAndCannotWrite() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let reader = try Store.reader(directory: directory.state)
        #expect(try reader.latestCheckpoint() == nil)
        try store.commit(CheckpointCommit(epoch: 3))
        #expect(try reader.latestCheckpoint()?.epoch == 3)
        let refusal = storeError { () throws(StoreError) in
            try reader.connection.read { try $0.execute(sql: "DELETE FROM checkpoint") }
        }
        #expect(refusal?.description.contains("readonly") == true)
        try store.close()
        #expect(try Store.reader(directory: directory.state).latestCheckpoint()?.epoch == 3)
    }

    @Test func aReaderOfNothingIsToldSo() throws {
        let directory = try TemporaryDirectory()
        #expect(
            storeError { () throws(StoreError) in try Store.reader(directory: directory.state) }
                == .missing(path: directory.state))
    }
}
