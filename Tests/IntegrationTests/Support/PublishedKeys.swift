import Kafka
import Testing

/// The keys of all records of a topic with one partition.
enum PublishedKeys {
    /// How often each key was written.
    static func read(_ topic: String, at brokers: String) async throws -> [String: Int] {
        let consumer = try KafkaConsumer(KafkaSettings(brokers: brokers), group: nil)
        let partition = TopicPartition(topic: topic, partition: 0)
        let marks = try await consumer.watermarks(of: partition)
        try #require(marks.low == 0, "the broker has dropped records")
        var keys: [String: Int] = [:]
        if marks.high > 0 {
            try consumer.assign([partition: marks.low])
            for try await batch in consumer.batches {
                for record in batch.records { keys[String(decoding: record.key ?? [], as: UTF8.self), default: 0] += 1 }
                if (batch.positions[partition] ?? 0) >= marks.high { break }
            }
        }
        await consumer.close()
        return keys
    }
}
