internal import Testing

@testable internal import Kafka

@Suite struct ConsumerBufferTests {
    private let zero = TopicPartition(topic: "t", partition: 0)
    private let one = TopicPartition(topic: "t", partition: 1)

    private func record(_ partition: TopicPartition, _ offset: Int64, bytes: Int = 0) -> ConsumerBuffer.Arrival {
        .record(
            KafkaRecord(
                topic: partition.topic, partition: partition.partition, offset: offset, key: nil,
                value: [UInt8](repeating: 0, count: bytes)))
    }

    /// Holds four empty records before it pauses, resumes at one; batches of one record.
    private func makeBuffer(batchRecords: Int = 1) -> ConsumerBuffer {
        let limits = ConsumerLimits(
            maximumBytes: 4 * KafkaRecord.overhead, batchBytes: .max, batchRecords: batchRecords)
        return ConsumerBuffer(limits: limits)
    }

    private func batch(_ taken: ConsumerBuffer.Taken) throws -> KafkaBatch {
        guard case .batch(let batch, _) = taken else { throw Unexpected() }
        return batch
    }

    private struct Unexpected: Error {}

    @Test func assignmentIsWorkOnce() {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 5])
        #expect(buffer.nextWork() == .init(assignment: [zero: 5], generation: 1))
        #expect(buffer.nextWork() == .init(generation: 1))
    }

    @Test func aMemberReadsNothingBeforeTheReaderHasAnswered() throws {
        var buffer = makeBuffer(batchRecords: 10)
        buffer.join(["t"])
        #expect(buffer.nextWork() == .init(subscription: ["t"]))
        #expect(buffer.nextWork() == .init())
        #expect(buffer.dealing.isUnderWay && buffer.waitsForGroup)
        let isTaken = buffer.deal([one, zero])
        #expect(isTaken && !buffer.waitsForGroup)
        let assignment = try #require(try batch(buffer.take()).assignment)
        #expect(assignment.partitions == [zero, one])
        guard case .nothing = buffer.take() else { throw Unexpected() }
        let isAnswered = buffer.answer(assignment, from: [zero: 3, one: 4])
        #expect(isAnswered && !buffer.dealing.isUnderWay)
        let work = buffer.nextWork()
        #expect(work.assignment == [zero: 3, one: 4])
        buffer.accept([record(zero, 3), record(one, 4)], generation: work.generation)
        #expect(try batch(buffer.take()).positions == [zero: 4, one: 5])
    }

    @Test func whatIsTakenBackIsForgottenAndALateAnswerChangesNothing() throws {
        var buffer = makeBuffer(batchRecords: 10)
        _ = buffer.deal([zero])
        let first = try #require(try batch(buffer.take()).assignment)
        let isFirstAnswered = buffer.answer(first, from: [zero: 0])
        #expect(isFirstAnswered)
        let work = buffer.nextWork()
        buffer.accept([record(zero, 0), record(zero, 1)], generation: work.generation)
        buffer.withdraw()
        buffer.accept([record(zero, 2)], generation: work.generation)
        #expect(buffer.byteCount == 0 && buffer.positions == [zero: 0] && buffer.dealing.isUnderWay)
        #expect(buffer.waitsForGroup)
        let isLateTaken = buffer.answer(first, from: [zero: 0])
        #expect(!isLateTaken)
        // Of two that nobody has seen the latter stands.
        _ = buffer.deal([zero])
        _ = buffer.deal([])
        let last = try #require(try batch(buffer.take()).assignment)
        let isLastAnswered = buffer.answer(last, from: [:])
        #expect(last.partitions.isEmpty && isLastAnswered)
        #expect(buffer.nextWork().assignment == [:])
    }

    @Test func nobodyAnswersForAMemberThatReadsNoMore() {
        var buffer = makeBuffer()
        buffer.join(["t"])
        buffer.finish()
        let isTaken = buffer.deal([zero])
        #expect(!isTaken && !buffer.waitsForGroup)
    }

    @Test func recordsBelowTheFenceAreDropped() throws {
        var buffer = makeBuffer(batchRecords: 10)
        _ = buffer.assign([zero: 5])
        buffer.accept([record(zero, 4), record(zero, 5), record(zero, 5), record(zero, 7)], generation: 1)
        let batch = try batch(buffer.take())
        #expect(batch.records.map(\.offset) == [5, 7])
        #expect(batch.positions == [zero: 8])
        #expect(buffer.fences == [zero: 8])
    }

    @Test func recordsOfUnassignedPartitionsAndFormerAssignmentsAreDropped() {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 0])
        buffer.accept([record(one, 0)], generation: 1)
        _ = buffer.assign([zero: 3])
        buffer.accept([record(zero, 3)], generation: 1)
        #expect(buffer.byteCount == 0)
        #expect(buffer.fences == [zero: 3])
    }

    @Test func theLastOffsetOfAllCannotOverflow() {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 0])
        buffer.accept([record(zero, .max)], generation: 1)
        #expect(buffer.byteCount == 0)
    }

    @Test func endOfPartitionMovesThePositionPastMarkers() throws {
        var buffer = makeBuffer(batchRecords: 10)
        _ = buffer.assign([zero: 0, one: 0])
        buffer.accept([record(zero, 0), .end(zero, 3), .end(one, 0), .end(zero, 2)], generation: 1)
        let batch = try batch(buffer.take())
        #expect(batch.records.count == 1)
        #expect(batch.positions == [zero: 3])
        #expect(buffer.positions == [zero: 3, one: 0])
    }

    @Test func positionsFollowTheReaderAndFencesTheBroker() throws {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 0])
        buffer.accept([record(zero, 0), record(zero, 1)], generation: 1)
        #expect(buffer.positions == [zero: 0])
        _ = try batch(buffer.take())
        #expect(buffer.positions == [zero: 1])
        #expect(buffer.fences == [zero: 2])
    }

    @Test func pausesWhatHasDeliveredWhenFullAndResumesWhenNearlyEmpty() throws {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 0, one: 0])
        _ = buffer.nextWork()
        buffer.accept((0..<3).map { record(zero, $0) }, generation: 1)
        #expect(buffer.nextWork() == .init(generation: 1))
        buffer.accept([record(zero, 3)], generation: 1)
        #expect(buffer.nextWork() == .init(pause: [zero], generation: 1))
        // The other partition has given nothing yet; it is paused when it does.
        #expect(buffer.nextWork() == .init(generation: 1))
        buffer.accept([record(one, 0)], generation: 1)
        #expect(buffer.nextWork() == .init(pause: [one], generation: 1))

        for _ in 0..<3 {
            guard case .batch(_, wakesPoller: false) = buffer.take() else { throw Unexpected() }
            #expect(buffer.nextWork() == .init(generation: 1))
        }
        guard case .batch(_, wakesPoller: true) = buffer.take() else { throw Unexpected() }
        #expect(buffer.nextWork() == .init(resume: [zero, one], generation: 1))
        #expect(buffer.nextWork() == .init(generation: 1))
    }

    @Test func aNewAssignmentResumesWhatWasPausedFirst() {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 0])
        _ = buffer.nextWork()
        buffer.accept((0..<4).map { record(zero, $0) }, generation: 1)
        #expect(buffer.nextWork().pause == [zero])
        _ = buffer.assign([zero: 2])
        #expect(buffer.nextWork() == .init(resume: [zero], assignment: [zero: 2], generation: 2))
        #expect(buffer.byteCount == 0)
    }

    @Test func batchesAreBoundedInBytesAndNeverEmpty() throws {
        let limits = ConsumerLimits(maximumBytes: .max, batchBytes: 2 * (KafkaRecord.overhead + 100))
        var buffer = ConsumerBuffer(limits: limits)
        _ = buffer.assign([zero: 0])
        let sizes = [100, 100, 100, 5000, 1]
        buffer.accept(
            sizes.enumerated().map { record(zero, Int64($0.offset), bytes: $0.element) }, generation: 1)
        var counts: [Int] = []
        while case .batch(let batch, _) = buffer.take() { counts.append(batch.records.count) }
        #expect(counts == [2, 1, 1, 1])
        #expect(buffer.byteCount == 0)
    }

    @Test func whatIsBufferedComesBeforeAnErrorAndFetchingStops() throws {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 0])
        _ = buffer.nextWork()
        buffer.accept([record(zero, 0)], generation: 1)
        buffer.fail(.invalid("first"))
        buffer.fail(.invalid("second"))
        buffer.accept([record(zero, 1)], generation: 1)
        #expect(buffer.nextWork().assignment == [:])
        #expect(try batch(buffer.take()).records.map(\.offset) == [0])
        guard case .failed(let error) = buffer.take() else { throw Unexpected() }
        #expect(error.description == "first")
        #expect(buffer.assign([zero: 0]) == error)
        #expect(buffer.nextWork().assignment == nil)
    }

    @Test func closingEndsAtOnce() {
        var buffer = makeBuffer()
        _ = buffer.assign([zero: 0])
        buffer.accept([record(zero, 0)], generation: 1)
        buffer.finish()
        guard case .finished = buffer.take() else {
            Issue.record("expected the end")
            return
        }
    }

    @Test func theQueueGivesBackInOrderWhatWentInWhileItIsCompacted() {
        var queue = ArrivalQueue()
        var given: [Int64] = []
        for offset in 0..<Int64(10_000) {
            queue.append(record(zero, offset))
            if offset % 3 == 0 {
                given += queue.removeBatch(maximumBytes: .max, maximumRecords: 2).records.map(\.offset)
            }
        }
        while !queue.isEmpty {
            given += queue.removeBatch(maximumBytes: .max, maximumRecords: 500).records.map(\.offset)
        }
        #expect(given == Array(0..<10_000))
        #expect(queue.byteCount == 0)
    }
}
