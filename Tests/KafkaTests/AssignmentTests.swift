internal import Kafka
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct AssignmentTests {
    @Test func allPartitionsAreReadFromTheirOffsets() async throws {
        let broker = try await TestBroker(partitions: 3)
        for partition in 0..<Int32(3) {
            try await broker.feed((0..<10).map { bytes("\(partition)-\($0)") }, to: partition)
        }
        let consumer = try broker.consumer()
        let partitions = try await consumer.partitions(of: [broker.topic])
        #expect(partitions == (0..<3).map { broker.partition($0) })
        try consumer.assign([partitions[0]: 0, partitions[1]: 7, partitions[2]: 10])
        let records = try await consumer.read(13)
        #expect(records.filter { $0.partition == 0 }.map(\.offset) == Array(0..<10))
        #expect(records.filter { $0.partition == 1 }.map(\.offset) == [7, 8, 9])
        #expect(records.filter { $0.partition == 2 }.isEmpty)
        #expect(consumer.positions == [partitions[0]: 10, partitions[1]: 10, partitions[2]: 10])
        await consumer.close()
    }

    @Test func restartGoesOnWhereThePositionsSaid() async throws {
        let broker = try await TestBroker()
        try await broker.feed((0..<100).map { bytes("\($0)") })
        var position: Int64 = 0
        var values: [[UInt8]?] = []
        while position < 100 {
            let consumer = try broker.consumer(maximumBatchBytes: 17 * 170)
            try consumer.assign([broker.partition(): position])
            for try await batch in consumer.batches {
                values += batch.records.map(\.value)
                position = try #require(batch.positions[broker.partition()])
                break
            }
            await consumer.close()
        }
        #expect(values == (0..<100).map { bytes("\($0)") })
    }

    @Test func assigningAgainReadsFromTheNewOffsetOnly() async throws {
        let broker = try await TestBroker()
        try await broker.feed((0..<50).map { bytes("\($0)") })
        let consumer = try broker.consumer()
        try consumer.assign([broker.partition(): 0])
        #expect(try await consumer.read(50).count == 50)
        try consumer.assign([broker.partition(): 20])
        #expect(try await consumer.read(30).map(\.offset) == Array(20..<50))
        await consumer.close()
    }

    @Test func negativeOffsetsAndEmptyAssignmentsAreRefused() async throws {
        let broker = try await TestBroker()
        let consumer = try broker.consumer()
        #expect(throws: KafkaError.self) { try consumer.assign([:]) }
        let error = #expect(throws: KafkaError.self) { try consumer.assign([broker.partition(): -2]) }
        #expect(error?.description.contains("offset -2; take 0 or more") == true)
        await consumer.close()
    }

    @Test func anOffsetThePartitionDoesNotHoldEndsTheSequence() async throws {
        // Not on the brokers given: Tansu leaves a fetch beyond the end unanswered.
        let broker = try await TestBroker(isMock: true)
        try await broker.feed([bytes("only")])
        let consumer = try broker.consumer()
        try consumer.assign([broker.partition(): 1000])
        let error = await #expect(throws: KafkaError.self) { try await consumer.read(1) }
        #expect(error?.isOffsetOutOfRange == true)
        #expect(error?.partition == broker.partition())
        #expect(error?.offset == 1000)
        #expect(error?.description.contains("\(broker.topic)[0] at offset 1000") == true)
        await consumer.close()
    }

    @Test func twoReadersOfOneConsumerAreRefused() async throws {
        let broker = try await TestBroker()
        let consumer = try broker.consumer()
        let first = Task { try await consumer.read(1) }
        let second = Task { try await consumer.read(1) }
        // Nothing is written, so that one waits for ever and the other is told.
        let results = await withTaskGroup(of: Result<[KafkaRecord], any Error>.self) { group in
            group.addTask { await first.result }
            group.addTask { await second.result }
            let refused = await group.next()
            await consumer.close()
            return [refused, await group.next()]
        }
        #expect(throws: KafkaError.self) { try results[0]?.get() }
        #expect(try results[1]?.get().isEmpty == true)
    }

    @Test func cancellingTheReaderEndsTheWait() async throws {
        let broker = try await TestBroker()
        let consumer = try broker.consumer()
        try consumer.assign([broker.partition(): 0])
        let reader = Task { try await consumer.read(1) }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        await consumer.close()
    }
}
