internal import Foundation
internal import Kafka

/// A topic to test with: on a mock cluster of its own, or on the brokers that `GLOSS_TEST_BROKERS` names.
struct TestBroker {
    let settings: KafkaSettings
    let topic: String
    /// Keeps the mock cluster running; `nil` on real brokers.
    private let cluster: MockCluster?
    /// The real brokers, if there are any.
    private static let brokers = ProcessInfo.processInfo.environment["GLOSS_TEST_BROKERS"]
    static var isReal: Bool { brokers != nil }

    init(partitions: Int = 1, isMock: Bool = false) async throws {
        topic = "t-\(UInt32.random(in: .min ... .max))"
        if !isMock, let brokers = Self.brokers {
            cluster = nil
            settings = KafkaSettings(brokers: brokers)
            try await KafkaAdmin.createTopic(topic, partitions: partitions, settings: settings)
        } else {
            let cluster = try MockCluster(topics: [topic: partitions])
            self.cluster = cluster
            settings = KafkaSettings(brokers: cluster.brokers)
        }
    }

    func partition(_ number: Int32 = 0) -> TopicPartition { TopicPartition(topic: topic, partition: number) }

    /// Writes values to a partition, in order.
    func feed(_ values: [[UInt8]?], to partition: Int32 = 0) async throws {
        let producer = try KafkaProducer(settings)
        try await producer.send(
            contentsOf: values.map { KafkaMessage(topic: topic, partition: partition, value: $0) })
        await producer.close()
    }

    func consumer(
        group: String? = nil, maximumBufferedBytes: Int = 1 << 20, maximumBatchBytes: Int = 1 << 16,
        onNotice: @escaping @Sendable (KafkaNotice) -> Void = { _ in }
    ) throws -> KafkaConsumer {
        try KafkaConsumer(
            settings, group: group, maximumBufferedBytes: maximumBufferedBytes, maximumBatchBytes: maximumBatchBytes,
            onNotice: onNotice)
    }
}

extension KafkaConsumer {
    /// Reads until this many records have come.
    func read(_ count: Int) async throws -> [KafkaRecord] {
        var records: [KafkaRecord] = []
        for try await batch in batches {
            records += batch.records
            if records.count >= count { break }
        }
        return records
    }
}

/// Notices as a sequence a test can wait on.
struct NoticeStream: Sendable {
    let stream: AsyncStream<KafkaNotice>
    private let continuation: AsyncStream<KafkaNotice>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    var hook: @Sendable (KafkaNotice) -> Void { { [continuation] in continuation.yield($0) } }

    /// Waits for the next notice of a kind.
    func next(_ kind: KafkaNotice.Kind) async -> KafkaNotice? { await stream.first { $0.kind == kind } }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Codes of `rd_kafka_resp_err_t`, which only the Kafka module imports.
enum Code {
    static let unknownTopic: Int32 = 3
    static let notLeader: Int32 = 6
    static let tooLarge: Int32 = 10
    static let topicAuthorization: Int32 = 29
    static let invalidTimestamp: Int32 = 32
    static let invalidRecord: Int32 = 87
    static let brokerLeft: Int32 = -137
    static let offsetReset: Int32 = -140
    static let fatal: Int32 = -150
    static let transport: Int32 = -195
    static let failed: Int32 = -196
    static let badMessage: Int32 = -199
}
