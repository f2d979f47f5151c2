import GRDB
import Testing

@testable import Store

@Suite struct OutboxTests {
    private func message(_ number: Int) -> OutboxMessage {
        OutboxMessage(
            target: OutboxTarget(sink: "s", topic: "t"), key: [UInt8(number)], value: Array("{}".utf8),
            dedupe: "d\(number)")
    }

    @Test func messagesLeaveInOrderAndOnce() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 1, outbox: (1...5).map(message)))
        try store.commit(CheckpointCommit(epoch: 2, outbox: (4...6).map(message)))
        #expect(try store.pendingOutbox(limit: 100).count == 6)
        let first = try store.pendingOutbox(limit: 2)
        #expect(first.map(\.key) == [[1], [2]])
        try store.markSent(first.map(\.sequence))
        try store.markSent(first.map(\.sequence))
        #expect(try store.pendingOutbox(limit: 100).map(\.dedupe) == ["d3", "d4", "d5", "d6"])
    }

    @Test func aMessageThatWasSentIsNotTakenAgainAndItsContentsAreDropped() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 1, outbox: [message(1)]))
        try store.markSent(try store.pendingOutbox(limit: 1).map(\.sequence))
        try store.commit(CheckpointCommit(epoch: 2, outbox: [message(1)]))
        #expect(try store.pendingOutbox(limit: 100).isEmpty)
        let kept = try store.pool.read { try Int.fetchOne($0, sql: "SELECT sum(length(value)) FROM outbox") }
        #expect(kept == 0)
    }

    @Test func aLimitBelowOneGivesNone() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 1, outbox: [message(1)]))
        #expect(try store.pendingOutbox(limit: -1) == [])
        #expect(try store.pendingOutbox(limit: 0) == [])
    }
}
