internal import Kafka
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct RoundTripTests {
    @Test func nullsEmptiesKeysAndHeadersComeBackAsSent() async throws {
        let broker = try await TestBroker()
        let producer = try KafkaProducer(broker.settings)
        let headers = [KafkaHeader(name: "a", value: bytes("1")), KafkaHeader(name: "a", value: [])]
        let sent = [
            KafkaMessage(topic: broker.topic, partition: 0, key: bytes("k"), value: bytes("v"), headers: headers),
            KafkaMessage(topic: broker.topic, partition: 0, key: bytes("k"), value: nil),
            KafkaMessage(topic: broker.topic, partition: 0, key: nil, value: []),
            KafkaMessage(topic: broker.topic, partition: 0, key: [], value: [0, 255, 10]),
        ]
        try await producer.send(contentsOf: sent)
        let consumer = try broker.consumer()
        try consumer.assign([broker.partition(): 0])
        let records = try await consumer.read(4)
        #expect(records.map(\.offset) == [0, 1, 2, 3])
        #expect(records.map(\.key) == sent.map(\.key))
        #expect(records.map(\.value) == sent.map(\.value))
        #expect(records.map(\.headers) == sent.map(\.headers))
        #expect(records.allSatisfy { $0.topic == broker.topic && $0.timestamp > 1_700_000_000_000 })
        await consumer.close()
        await producer.close()
    }

    @Test func sendReturnsTheOffset() async throws {
        let broker = try await TestBroker()
        let producer = try KafkaProducer(broker.settings)
        for expected in 0..<3 {
            let offset = try await producer.send(topic: broker.topic, partition: 0, value: bytes("x"))
            #expect(offset == Int64(expected))
        }
        await producer.close()
    }

    @Test func equalKeysGoWhereJavaClientsPutThem() async throws {
        let broker = try await TestBroker(partitions: 4)
        let producer = try KafkaProducer(broker.settings)
        // The vectors of the Java client's own test of murmur2.
        let vectors: [(key: String, hash: UInt32)] = [
            ("kafka", 0xd067_cf64), ("giberish123456789", 0x8f55_2b0c), ("1234", 0x9fc9_7b14), ("234", 0xe7c0_09ca),
        ]
        for vector in vectors { try await producer.send(topic: broker.topic, key: bytes(vector.key), value: []) }
        let consumer = try broker.consumer()
        try consumer.assign(Dictionary(uniqueKeysWithValues: (0..<4).map { (broker.partition($0), 0) }))
        let records = try await consumer.read(vectors.count)
        for vector in vectors {
            let record = try #require(records.first { $0.key == bytes(vector.key) })
            #expect(record.partition == Int32((vector.hash & 0x7fff_ffff) % 4))
        }
        await consumer.close()
        await producer.close()
    }

    @Test func aLargeRecordIsReadWhole() async throws {
        let broker = try await TestBroker()
        let value = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        try await broker.feed([bytes("before"), value, bytes("after")])
        let consumer = try broker.consumer()
        try consumer.assign([broker.partition(): 0])
        #expect(try await consumer.read(3).map(\.value) == [bytes("before"), value, bytes("after")])
        await consumer.close()
    }
}
