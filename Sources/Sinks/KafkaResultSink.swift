package import Kafka
import Running
package import Store

/// Writes results to a Kafka topic, each with what makes it one message in the header `gloss-dedupe`.
package final class KafkaResultSink: ResultSink {
    private let producer: KafkaProducer

    package init(_ settings: KafkaSettings, onNotice: @escaping @Sendable (KafkaNotice) -> Void) throws {
        producer = try KafkaProducer(settings, onNotice: onNotice)
    }

    package func send(contentsOf messages: [OutboxMessage], onDelivered: @escaping @Sendable () -> Void) async throws {
        try await producer.send(
            contentsOf: messages.map {
                KafkaMessage(
                    topic: $0.target.topic, key: $0.key, value: $0.value,
                    headers: [KafkaHeader(name: "gloss-dedupe", value: Array($0.dedupe.utf8))])
            }, onDelivered: { _ in onDelivered() })
    }

    package func close() async { await producer.close(within: ShutdownPatience.standard.kafkaClient) }
}
