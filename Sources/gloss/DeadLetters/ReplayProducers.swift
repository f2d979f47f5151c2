import Kafka
import Synchronization

/// Producers, made when something is first sent: one for each way of reaching brokers.
final class ReplayProducers: Sendable {
    private let producers = Mutex<[KafkaSettings: KafkaProducer]>([:])
    private let onNotice: @Sendable (KafkaNotice) -> Void

    init(onNotice: @escaping @Sendable (KafkaNotice) -> Void) { self.onNotice = onNotice }

    /// The producer for some settings.
    ///
    /// - Throws: `KafkaError` for settings that cannot be used.
    func producer(for settings: KafkaSettings) throws -> KafkaProducer {
        try producers.withLock { producers in
            if let known = producers[settings] { return known }
            let producer = try KafkaProducer(settings, onNotice: onNotice)
            producers[settings] = producer
            return producer
        }
    }

    /// Releases the clients.
    func close() async {
        let all = producers.withLock { Array($0.values) }
        for producer in all { await producer.close(within: .seconds(2)) }
    }
}
