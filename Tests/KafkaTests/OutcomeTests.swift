internal import Kafka
internal import Testing

/// What came of each of many records, and what a partition holds up to its end.
@Suite(.timeLimit(.minutes(1))) struct OutcomeTests {
    @Test func eachRecordThatWasWrittenHasItsOffsetAndItsTime() async throws {
        let broker = try await TestBroker(partitions: 2)
        let producer = try KafkaProducer(broker.settings)
        let messages = (0..<6).map { number in
            KafkaMessage(
                topic: broker.topic, partition: Int32(number % 2), value: bytes("\(number)"),
                timestamp: number == 0 ? nil : 1_600_000_000_000 + Int64(number))
        }
        let (offsets, failure) = await producer.outcomes(of: messages)
        #expect(failure == nil)
        #expect(offsets == [0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 2])
        let records = try await KafkaConsumer.records(
            from: [broker.partition(0): 0, broker.partition(1): 0], settings: broker.settings
        ) { _ in true }
        #expect(records.count == 6)
        for record in records {
            let number = try #require(record.value.flatMap { Int(String(decoding: $0, as: UTF8.self)) })
            #expect(offsets[number] == record.offset && Int32(number % 2) == record.partition)
            #expect(
                number == 0
                    ? record.timestamp > 1_700_000_000_000 : record.timestamp == 1_600_000_000_000 + Int64(number))
        }
        await producer.close()
    }

    @Test func whatABrokerRefusesHasNoOffset() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let producer = try KafkaProducer(
            KafkaSettings(brokers: cluster.brokers, settings: ["linger.ms": "0", "message.timeout.ms": "5000"]))
        try await producer.send(topic: "t", partition: 0, value: bytes("first"))
        cluster.failNext(request: 0, codes: [Code.topicAuthorization])
        let (offsets, failure) = await producer.outcomes(
            of: [KafkaMessage(topic: "t", partition: 0, value: bytes("refused"))])
        #expect(offsets.isEmpty)
        #expect((failure as? KafkaError)?.code == Code.topicAuthorization)
        await producer.close(within: .seconds(1))
    }

    @Test func onlyWhatIsWantedFromAnOffsetToTheEndIsGiven() async throws {
        let broker = try await TestBroker(partitions: 2)
        try await broker.feed((0..<300).map { bytes("\($0)") }, to: 0)
        let wanted = try await KafkaConsumer.records(
            from: [broker.partition(0): 290, broker.partition(1): 0], settings: broker.settings
        ) { $0.offset % 2 == 0 }
        #expect(wanted.map(\.offset) == [290, 292, 294, 296, 298])
        let none = try await KafkaConsumer.records(
            from: [broker.partition(0): 300], settings: broker.settings
        ) { _ in true }
        #expect(none.isEmpty)
    }
}
