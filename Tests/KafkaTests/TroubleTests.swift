internal import Testing

@testable internal import Kafka

/// Without their own limits, calls to a broker that is down would last librdkafka's five minutes, and the suite's would end them.
@Suite(.timeLimit(.minutes(5))) struct TroubleTests {
    @Test func anUnknownTopicIsNamed() async throws {
        let cluster = try MockCluster(topics: ["there": 1])
        // The mock of some versions makes every topic that is asked for.
        cluster.setError(ofTopic: "missing", code: Code.unknownTopic)
        let consumer = try KafkaConsumer(KafkaSettings(brokers: cluster.brokers), group: nil)
        let error = await #expect(throws: KafkaError.self) {
            try await consumer.partitions(of: ["there", "missing"], timeout: .seconds(10))
        }
        #expect(error?.isUnknownTopic == true)
        #expect(error?.description.contains("'missing'") == true)
        #expect(error?.description.contains(cluster.brokers) == true)
        await consumer.close()
    }

    @Test func aBrokerDownAtTheStartIsAnError() async throws {
        let notices = NoticeStream()
        let consumer = try KafkaConsumer(
            KafkaSettings(brokers: "127.0.0.1:1"), group: "g", onNotice: notices.hook)
        let error = await #expect(throws: KafkaError.self) {
            try await consumer.partitions(of: ["corpus"], timeout: .seconds(1))
        }
        #expect(error?.isRetriable == true)
        #expect(error?.description.contains("127.0.0.1:1") == true)
        #expect(error?.description.contains("Connection refused") == true)
        #expect(error?.description.contains("check that a broker listens there") == true)
        let notice = await notices.next(.allBrokersDown)
        #expect(notice?.level == .error)
        #expect(notice?.description.contains("Connection refused") == true)
        #expect(await consumer.close())
    }

    @Test func theWrongProtocolIsSaid() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let settings = KafkaSettings(brokers: cluster.brokers, settings: ["security.protocol": "ssl"])
        let error = await #expect(throws: KafkaError.self) {
            try await KafkaAdmin.metadata(settings, timeout: .seconds(1))
        }
        #expect(error?.description.contains("check the 'ssl.*' settings and that this port speaks TLS") == true)
    }

    @Test func passwordsAndCertificatesAreHandedOn() async throws {
        var settings = KafkaSettings(
            brokers: "127.0.0.1:1",
            settings: [
                "security.protocol": "sasl_ssl", "sasl.mechanisms": "SCRAM-SHA-256", "sasl.username": "u",
                "sasl.password": "hush",
            ])
        let consumer = try KafkaConsumer(settings, group: nil)
        #expect(await consumer.close())
        settings.settings["ssl.ca.location"] = "/nowhere/ca.pem"
        let error = #expect(throws: KafkaError.self) { try KafkaProducer(settings) }
        #expect(error?.description.contains("ssl.ca.location") == true)
        #expect(error?.description.contains("hush") == false)
    }

    @Test func readingGoesOnWhenTheBrokerIsBack() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let settings = KafkaSettings(brokers: cluster.brokers, settings: ["reconnect.backoff.max.ms": "100"])
        let producer = try KafkaProducer(settings)
        let notices = NoticeStream()
        let consumer = try KafkaConsumer(settings, group: nil, onNotice: notices.hook)
        try consumer.assign([TopicPartition(topic: "t", partition: 0): 0])
        try await producer.send(topic: "t", value: bytes("first"))
        #expect(try await consumer.read(1).map(\.value) == [bytes("first")])
        cluster.setDown(true)
        #expect(await notices.next(.allBrokersDown) != nil)
        cluster.setDown(false)
        try await producer.send(topic: "t", value: bytes("second"))
        #expect(try await consumer.read(1).map(\.value) == [bytes("second")])
        #expect(await notices.next(.recovered) != nil)
        await consumer.close()
        await producer.close()
    }

    /// Of a topic that nobody writes to nothing arrives that could show that the broker is back.
    @Test func anAnsweredQuestionShowsThatTheBrokerIsBack() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let notices = NoticeStream()
        let consumer = try KafkaConsumer(
            KafkaSettings(brokers: cluster.brokers, settings: ["reconnect.backoff.max.ms": "100"]), group: nil,
            onNotice: notices.hook)
        #expect(try await consumer.partitions(of: ["t"]).count == 1)
        cluster.setDown(true)
        let error = await #expect(throws: KafkaError.self) {
            try await consumer.partitions(of: ["t"], timeout: .milliseconds(200))
        }
        #expect(error?.isSilence == true)
        #expect(await notices.next(.allBrokersDown) != nil)
        cluster.setDown(false)
        #expect(try await consumer.partitions(of: ["t"]).count == 1)
        #expect(await notices.next(.recovered) != nil)
        await consumer.close()
    }

    @Test func aProducerWithNothingToWriteSaysThatTheBrokerIsGoneAndThatItIsBack() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let notices = NoticeStream()
        let producer = try KafkaProducer(
            KafkaSettings(brokers: cluster.brokers, settings: ["reconnect.backoff.max.ms": "100"]),
            onNotice: notices.hook)
        try await producer.send(topic: "t", value: bytes("x"))
        cluster.setDown(true)
        #expect(await notices.next(.allBrokersDown) != nil)
        cluster.setDown(false)
        #expect(await notices.next(.recovered) != nil)
        await producer.close()
    }

    @Test(arguments: [
        (
            "Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT, 30 identical error(s) suppressed)",
            "Connect to ipv4#127.0.0.1:1 failed: Connection refused (in state CONNECT)"
        ),
        ("Disconnected (after 13ms in state APIVERSION_QUERY)", "Disconnected (in state APIVERSION_QUERY)"),
        ("Failed to resolve 'b:1': Name or service not known", "Failed to resolve 'b:1': Name or service not known"),
    ]) func theSameCauseIsAlwaysTheSameText(given: String, steady: String) {
        #expect(ClientContext.steady(given) == steady)
    }

    @Test func closingStaysWithinItsLimitWhileRecordsAreOutstanding() async throws {
        let broker = try await TestBroker(partitions: 2)
        try await broker.feed((0..<5000).map { bytes("record \($0)") })
        let consumer = try broker.consumer(group: "g", maximumBufferedBytes: 10_000)
        try consumer.assign([broker.partition(0): 0, broker.partition(1): 0])
        _ = try await consumer.read(1)
        consumer.commit([broker.partition(0): 1])
        #expect(await consumer.close(within: .seconds(10)))
        #expect(try await consumer.read(1).isEmpty)
        #expect(throws: KafkaError.self) { try consumer.assign([broker.partition(0): 0]) }
        await #expect(throws: KafkaError.self) { try await consumer.watermarks(of: broker.partition(0)) }
    }

    @Test func closingStaysWithinItsLimitWhileTheBrokerIsDown() async throws {
        let cluster = try MockCluster(topics: ["t": 1])
        let notices = NoticeStream()
        let settings = KafkaSettings(brokers: cluster.brokers)
        let producer = try KafkaProducer(settings)
        try await producer.send(topic: "t", value: bytes("x"))
        let consumer = try KafkaConsumer(settings, group: "g", onNotice: notices.hook)
        let partition = TopicPartition(topic: "t", partition: 0)
        try consumer.assign([partition: 0])
        _ = try await consumer.read(1)
        cluster.setDown(true)
        _ = await notices.next(.allBrokersDown)
        consumer.commit([partition: 1])
        let unsent = Task { try await producer.send(topic: "t", value: bytes("never")) }
        await consumer.close(within: .seconds(2))
        await producer.close(within: .seconds(2))
        await #expect(throws: (any Error).self) { try await unsent.value }
    }

    @Test func lettingGoOfAConsumerEndsItsThread() async throws {
        let broker = try await TestBroker()
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        try {
            let witness = Witness(continuation)
            let consumer = try broker.consumer { _ in _ = witness }
            try consumer.assign([broker.partition(): 0])
        }()
        // The hook, and with it the witness, is let go of when the client is gone.
        for await _ in stream {}
    }

    private final class Witness: Sendable {
        private let continuation: AsyncStream<Never>.Continuation

        init(_ continuation: AsyncStream<Never>.Continuation) { self.continuation = continuation }

        deinit { continuation.finish() }
    }
}
