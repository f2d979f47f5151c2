import Dataflow
import Elements
import Hashing
import Shuffle
import Store
import Synchronization
import Testing

@testable import Stages

/// What is told, in which order, before a checkpoint of a process without a state counts as kept.
@Suite struct ShufflePublisherTests {
    /// Takes what is sent, and fails at one of the calls.
    private final class Transport: ShuffleTransport {
        struct Fault: Error, Hashable { let call: Int }

        private let state = Mutex<(sent: [[ShuffleMessage]], calls: Int, fault: Int?)>(([], 0, nil))

        var sent: [[ShuffleMessage]] { state.withLock { $0.sent } }

        func fail(atCall call: Int?) { state.withLock { ($0.calls, $0.fault) = (0, call) } }

        private func count() throws {
            try state.withLock { state in
                state.calls += 1
                if state.calls == state.fault { throw Fault(call: state.calls) }
            }
        }

        func waitForOwners() async throws { try count() }

        func send(_ messages: [ShuffleMessage]) async throws {
            try count()
            state.withLock { $0.sent.append(messages) }
        }
    }

    private static let identity = ShuffleIdentity(
        name: "t", topic: "shuffle", evidence: ["evidence": Hash128(high: 1, low: 1)], shards: 3, block: 10,
        reservoirs: [
            "evidence": CoderIdentity(
                name: "codes", hookpoint: "layers.1", latents: 4, digest: Hash128(high: 0, low: 1))
        ])

    private let transport = Transport()
    private let publisher: ShufflePublisher
    private let disk = ComputePool(name: "disk", threads: 1)

    init() { publisher = ShufflePublisher(Self.identity, writer: 5, transport: transport) }

    /// Keeps a checkpoint as a process does: on a thread that may wait.
    private func keep(_ checkpoint: CheckpointCommit) async throws {
        try await disk.run { [publisher] _ in try publisher.keep(checkpoint) }
    }

    private func fence(_ next: Int64) -> Fence {
        Fence(source: "corpus", topic: "texts", partition: 2, next: next, last: nil)
    }

    private func commit(_ epoch: UInt64, _ next: Int64, letters: [DeadLetter] = []) -> CheckpointCommit {
        var told = ShuffleFrames()
        told.add(ShuffleMessage(shard: 1, bytes: [1, 2]))
        told.add(ShuffleMessage(shard: 0, bytes: []))
        return CheckpointCommit(
            epoch: epoch, segments: [CheckpointCommit.Segment(node: "evidence", bytes: told.bytes)],
            fences: [fence(next)], deadLetters: letters)
    }

    private func records(_ messages: [ShuffleMessage]) throws -> [ShuffleRecord] {
        try messages.map { try ShuffleRecord($0.bytes, in: $0.shard, expecting: Self.identity) }
    }

    @Test func marksFollowWhatWasToldAndReachEveryShard() async throws {
        let partition = CorpusPartition(source: "corpus", topic: "texts", partition: 2)
        publisher.begin(partition, at: 0, isCommitted: false)
        #expect(publisher.committable([fence(0)]).isEmpty)
        try await keep(commit(1, 13))
        #expect(transport.sent.count == 2)
        #expect(transport.sent[0] == [ShuffleMessage(shard: 1, bytes: [1, 2]), ShuffleMessage(shard: 0, bytes: [])])
        let marks = try records(transport.sent[1])
        #expect(marks.map(\.shard) == [0, 1, 2] && marks.allSatisfy { $0.reservoir == "evidence" && $0.writer == 5 })
        for record in marks {
            guard case .marks(let told) = record.body else {
                Issue.record("no marks")
                continue
            }
            #expect(told == [ShuffleMark(partition: partition, from: 0, next: 13, isFirst: true)])
        }
        #expect(publisher.committable([fence(13)]) == [fence(10)])
        #expect(publisher.isOver(CorpusBlock(partition: partition, first: 0)))
        #expect(!publisher.isOver(CorpusBlock(partition: partition, first: 10)))
    }

    @Test func whereNothingIsNewNothingIsToldAndNobodyIsWaitedFor() async throws {
        publisher.begin(
            CorpusPartition(source: "corpus", topic: "texts", partition: 2), at: 0, isCommitted: false)
        try await keep(commit(1, 13))
        // Every call fails from now on.
        transport.fail(atCall: 1)
        try await keep(CheckpointCommit(epoch: 2, fences: [fence(13)]))
        #expect(transport.sent.count == 2 && publisher.committable([fence(13)]) == [fence(10)])
        await #expect(throws: Transport.Fault(call: 1)) {
            try await keep(CheckpointCommit(epoch: 3, fences: [fence(14)]))
        }
    }

    @Test(arguments: 1...3) func whatCouldNotBeToldIsNotCommitted(call: Int) async throws {
        publisher.begin(
            CorpusPartition(source: "corpus", topic: "texts", partition: 2), at: 20, isCommitted: true)
        transport.fail(atCall: call)
        await #expect(throws: Transport.Fault(call: call)) { try await keep(commit(1, 33)) }
        #expect(publisher.committable([fence(33)]) == [fence(20)])
        #expect(!publisher.isOver(CorpusBlock(partition: CorpusPartition(of: fence(0)), first: 20)))
        transport.fail(atCall: nil)
        try await keep(commit(1, 33))
        #expect(publisher.committable([fence(33)]) == [fence(30)])
        await #expect(throws: StoreError.self) { try await keep(commit(1, 40)) }
    }

    @Test func aRecordThatCannotBeUsedIsToldToOneOwner() async throws {
        let letters = (0..<5).map { offset in
            DeadLetter(
                position: RecordPosition(source: "corpus", topic: "texts", partition: 2, offset: Int64(offset)),
                node: "corpus", code: "not-utf8", reason: "cut off", value: [0xCF])
        }
        try await keep(commit(1, 5, letters: letters))
        // Nothing is said of a partition that nobody began to read.
        let told = try records(transport.sent[1])
        let found = told.compactMap { record -> DeadLetter? in
            if case .letter(let letter) = record.body { letter } else { nil }
        }
        #expect(found == letters && told.count == 5 && Set(told.map(\.shard)) == [0, 1, 2])
    }
}
