internal import Kafka
internal import Synchronization
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct ProducerTests {
    @Test func pipelinedMessagesKeepTheirOrderAndAreCounted() async throws {
        let broker = try await TestBroker()
        let producer = try KafkaProducer(broker.settings)
        let delivered = Mutex(0)
        try await producer.send(
            contentsOf: (0..<5000).map { KafkaMessage(topic: broker.topic, partition: 0, value: bytes("\($0)")) },
            onDelivered: { count in delivered.withLock { $0 = max($0, count) } })
        #expect(delivered.withLock { $0 } == 5000)
        let consumer = try broker.consumer()
        try consumer.assign([broker.partition(): 0])
        #expect(try await consumer.read(5000).map(\.value) == (0..<5000).map { bytes("\($0)") })
        await consumer.close()
        await producer.close()
    }

    @Test func aFullQueueMakesTheSenderWait() async throws {
        let broker = try await TestBroker()
        var settings = broker.settings
        settings.settings["queue.buffering.max.messages"] = "7"
        let producer = try KafkaProducer(settings)
        try await producer.send(
            contentsOf: (0..<200).map { KafkaMessage(topic: broker.topic, partition: 0, value: bytes("\($0)")) })
        let consumer = try broker.consumer()
        #expect(try await consumer.watermarks(of: broker.partition()).high == 200)
        await consumer.close()
        await producer.close()
    }

    @Test func aMessageThatIsTooLargeIsRefusedAndTheNextOneGoes() async throws {
        let broker = try await TestBroker()
        let producer = try KafkaProducer(broker.settings)
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send(topic: broker.topic, value: [UInt8](repeating: 0, count: 17 << 20))
        }
        #expect(error?.name == "MSG_SIZE_TOO_LARGE")
        #expect(error?.description.contains("'\(broker.topic)'") == true)
        #expect(try await producer.send(topic: broker.topic, value: bytes("small")) == 0)
        #expect(await producer.flush(timeout: .seconds(1)) == 0)
        await producer.close()
    }

    @Test func theBrokersRefusalReachesTheSender() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        cluster.failNext(request: 0, codes: [Code.topicAuthorization])
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send(topic: "t", value: bytes("x"))
        }
        #expect(error?.code == 29)
        #expect(error?.description.contains("let this user read, write or describe the topic") == true)
        await producer.close()
    }

    @Test func passingRefusalsAreRetriedWithoutDuplicates() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let settings = KafkaSettings(brokers: cluster.brokers, settings: ["retry.backoff.ms": "10"])
        let producer = try KafkaProducer(settings)
        let passing = Code.notLeader
        cluster.failNext(request: 0, codes: [passing, passing])
        #expect(try await producer.send(topic: "t", value: bytes("x")) == 0)
        #expect(try await producer.send(topic: "t", value: bytes("y")) == 1)
        await producer.close()
    }

    @Test func cancellingASenderEndsItsWait() async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: "127.0.0.1:1"))
        let sender = Task { try await producer.send(topic: "t", value: bytes("x")) }
        sender.cancel()
        await #expect(throws: CancellationError.self) { try await sender.value }
        #expect(await producer.close(within: .seconds(2)))
    }

    @Test func sendingThroughAClosedProducerIsAnError() async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: "127.0.0.1:1"))
        #expect(await producer.close())
        let error = await #expect(throws: KafkaError.self) { try await producer.send(topic: "t", value: []) }
        #expect(error?.description == "the Kafka producer is closed; make a new one")
    }
}
