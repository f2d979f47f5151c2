import Foundation
import Testing

@testable import Store

@Suite struct FiguresTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
    }

    @Test func theOldestOpenJobOfEachNodeAndKindIsTold() throws {
        #expect(try store.oldestOpenJobs().isEmpty)
        _ = try store.insertJobs([Fixture.job(1), Fixture.job(2), Fixture.job(3, node: "other")])
        try store.fail(job: Fixture.job(3, node: "other").id, reason: "no", attempts: 1)
        let oldest = try store.oldestOpenJobs()
        #expect(oldest.map(\.node) == ["prose"] && oldest.map(\.kind) == [.explain])
        #expect(oldest.map(\.since) == [Fixture.time])
    }

    @Test func evidenceIsAsLongAsAllItsParts() throws {
        #expect(try store.evidenceBytes().isEmpty)
        let segments = [("evidence", 3_000_000), ("evidence", 5), ("other", 7)].map { node, count in
            CheckpointCommit.Segment(node: node, bytes: [UInt8](repeating: 1, count: count))
        }
        try store.commit(CheckpointCommit(epoch: 1, segments: segments))
        #expect(try store.evidenceBytes() == ["evidence": 3_000_005, "other": 7])
        #expect(store.fileBytes > 3_000_000)
    }

    @Test func messagesCountUntilTheyAreSent() throws {
        func message(_ number: Int, _ sink: String) -> OutboxMessage {
            OutboxMessage(
                target: OutboxTarget(sink: sink, topic: "t"), key: [1], value: [2], dedupe: "\(sink)\(number)")
        }
        try store.commit(
            CheckpointCommit(epoch: 1, outbox: (1...3).map { message($0, "results") } + [message(1, "rejected")]))
        #expect(try store.unsentMessages() == ["results": 3, "rejected": 1])
        try store.markSent(try store.pendingOutbox(limit: 2, sink: "results").map(\.sequence))
        #expect(try store.unsentMessages() == ["results": 1, "rejected": 1])
    }
}
