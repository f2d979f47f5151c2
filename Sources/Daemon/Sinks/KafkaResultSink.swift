import Kafka
import Store
import Topology

/// Writes results to a Kafka topic, each with what makes it one message in the header `gloss-dedupe`.
final class KafkaResultSink: ResultSink {
    static let type = "kafka"

    private let producer: KafkaProducer

    init(_ node: Node, of topology: Topology, options: RunOptions) throws {
        producer = try KafkaProducer(topology.kafkaSettings(of: node), onNotice: options.kafkaNotices(of: node.id))
    }

    func send(contentsOf messages: [OutboxMessage], onDelivered: @escaping @Sendable () -> Void) async throws {
        try await producer.send(
            contentsOf: messages.map {
                KafkaMessage(
                    topic: $0.target.topic, key: $0.key, value: $0.value,
                    headers: [KafkaHeader(name: "gloss-dedupe", value: Array($0.dedupe.utf8))])
            }, onDelivered: { _ in onDelivered() })
    }

    func close() async { await producer.close(within: ShutdownPatience.standard.kafkaClient) }
}
