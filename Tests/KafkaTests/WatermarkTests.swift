internal import Kafka
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct WatermarkTests {
    @Test func watermarksCountWhatIsThere() async throws {
        let broker = try await TestBroker(partitions: 2)
        try await broker.feed((0..<5).map { bytes("\($0)") }, to: 1)
        let consumer = try broker.consumer()
        #expect(try await consumer.watermarks(of: broker.partition(0)) == Watermarks(low: 0, high: 0))
        #expect(try await consumer.watermarks(of: broker.partition(1)) == Watermarks(low: 0, high: 5))
        await consumer.close()
    }

    @Test func lagFallsToZeroAsTheReaderReads() async throws {
        let broker = try await TestBroker(partitions: 2)
        try await broker.feed((0..<20).map { bytes("\($0)") }, to: 0)
        let consumer = try broker.consumer()
        #expect(try await consumer.isCaughtUp() == false)
        try consumer.assign([broker.partition(0): 0, broker.partition(1): 0])
        #expect(try await consumer.freshLag() == [broker.partition(0): 20, broker.partition(1): 0])
        #expect(try await consumer.isCaughtUp() == false)
        _ = try await consumer.read(20)
        #expect(try await consumer.isCaughtUp())
        #expect(consumer.lag[broker.partition(0)] == 0)
        try await broker.feed([bytes("more")], to: 1)
        #expect(try await consumer.isCaughtUp() == false)
        _ = try await consumer.read(1)
        #expect(try await consumer.isCaughtUp())
        await consumer.close()
    }

    @Test func aPositionBeyondTheEndIsAnErrorNotCaughtUp() async throws {
        let broker = try await TestBroker()
        try await broker.feed([bytes("only")])
        let consumer = try broker.consumer()
        try consumer.assign([broker.partition(): 5])
        let error = await #expect(throws: KafkaError.self) { try await consumer.isCaughtUp() }
        #expect(error?.isOffsetOutOfRange == true)
        #expect(error?.description.contains("at offset 5") == true)
        #expect(error?.description.contains("ends at 1") == true)
        await consumer.close()
    }

    @Test func groupLabelsAreReadByAnotherConsumer() async throws {
        let broker = try await TestBroker(partitions: 2)
        try await broker.feed((0..<9).map { bytes("\($0)") })
        let group = "g-\(broker.topic)"
        let partitions = [broker.partition(0), broker.partition(1)]
        let first = try broker.consumer(group: group)
        try first.assign([partitions[0]: 0, partitions[1]: 0])
        _ = try await first.read(9)
        first.commit([partitions[0]: 4])
        first.commit([partitions[0]: 9])
        // Closing waits for the labels.
        #expect(await first.close())
        let second = try broker.consumer(group: group)
        #expect(try await second.committed(partitions) == [partitions[0]: 9])
        await second.close()
    }

    @Test func aRecordIsReadBackAtItsOffset() async throws {
        let broker = try await TestBroker(partitions: 2)
        try await broker.feed((0..<9).map { bytes("\($0)") }, to: 1)
        let consumer = try broker.consumer()
        let partition = broker.partition(1)
        #expect(try await consumer.record(at: partition, offset: 8)?.value == bytes("8"))
        #expect(try await consumer.record(at: partition, offset: 9) == nil)
        #expect(try await consumer.record(at: partition, offset: 500) == nil)
        let both = try await consumer.records(at: [partition: 3, broker.partition(0): 0])
        #expect(both.mapValues(\.value) == [partition: bytes("3")])
        await consumer.close()
    }
}
