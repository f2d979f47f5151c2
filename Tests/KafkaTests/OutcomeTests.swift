internal import Kafka
internal import Testing

/// What came of each of many records, and what a partition holds up to its end.
@Suite(.timeLimit(.minutes(5))) struct OutcomeTests {
    @Test func eachRecordThatWasWrittenHasItsOffsetAndItsTime() async throws {
        let broker = try await TestBroker(partitions: 2)
        let producer = try KafkaProducer(broker.settings)
        let messages = (0..<6).map { number in
            KafkaMessage(
                topic: broker.topic, partition: Int32(number % 2), value: bytes("\(number)"),
                timestamp: number == 0 ? nil : 1_600_000_000_000 + Int64(number))
        }
        let outcomes = await producer.outcomes(of: messages)
        let offsets = outcomes.offsets
        #expect(outcomes.failure == nil && outcomes.refused.isEmpty)
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
        let outcomes = await producer.outcomes(
            of: [KafkaMessage(topic: "t", partition: 0, value: bytes("refused"))])
        #expect(outcomes.offsets.isEmpty && outcomes.refused.isEmpty)
        #expect((outcomes.failure as? KafkaError)?.code == Code.topicAuthorization)
        await producer.close(within: .seconds(1))
    }

    @Test func whatIsTooLargeForTheClientKeepsNothingBack() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let producer = try KafkaProducer(
            KafkaSettings(
                brokers: cluster.brokers, settings: ["message.max.bytes": "2000", "message.timeout.ms": "5000"]))
        let outcomes = await producer.outcomes(
            of: [1, 5000, 1].map {
                KafkaMessage(topic: "t", partition: 0, value: [UInt8](repeating: 0x61, count: $0))
            })
        #expect(outcomes.failure == nil)
        #expect(outcomes.refused.mapValues(\.code) == [1: Code.tooLarge])
        #expect(outcomes.offsets == [0: 0, 2: 1])
        await producer.close(within: .seconds(1))
    }

    @Test(arguments: [Code.tooLarge, Code.invalidTimestamp, Code.invalidRecord])
    func aRecordThatABrokerRefusesIsNoFailureOfTheOthers(code: Int32) async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let producer = try KafkaProducer(
            KafkaSettings(brokers: cluster.brokers, settings: ["linger.ms": "0", "message.timeout.ms": "5000"]))
        try await producer.send(topic: "t", partition: 0, value: bytes("first"))
        cluster.failNext(request: 0, codes: [code])
        let message = KafkaMessage(topic: "t", partition: 0, value: bytes("refused"))
        let outcomes = await producer.outcomes(of: [message])
        #expect(outcomes.offsets.isEmpty && outcomes.failure == nil)
        #expect(outcomes.refused.mapValues(\.code) == [0: code])
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
