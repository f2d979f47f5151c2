import Dataflow
package import Kafka
import RecordReading
package import Running
package import Shuffle
import Synchronization

/// The shuffle topic, as processes write it that read the corpus.
package final class KafkaShuffleTransport: ShuffleTransport {
    private let topic: String
    private let shards: Int
    /// The records of a partition that may wait before more is sent.
    private let most: Int64
    private let producer: KafkaProducer
    /// Asks how far the owners of shares have read, as they commit it.
    private let consumer: KafkaConsumer
    private let stop: StopSignal
    private let patience: Duration?
    private let clock: any Clock<Duration>
    private let notice: @Sendable (_ text: String) -> Void
    private let isFound = Mutex(false)

    /// The time between two looks for a topic or a group that is behind.
    private static let interval = Duration.seconds(1)

    /// Makes a transport; contacts brokers in the background.
    ///
    /// - Parameters:
    ///   - group: The name under which the owners of shares commit how far they have read.
    ///   - most: The records of a partition that may wait before more is sent.
    ///   - patience: How long a topic that is not there is waited for; `nil`: for ever.
    ///   - stop: Once it is raised, nothing is waited for.
    package init(
        settings: KafkaSettings, topic: String, shards: Int, group: String, most: Int64, patience: Duration? = nil,
        stop: StopSignal, clock: any Clock<Duration>, onNotice: @escaping @Sendable (KafkaNotice) -> Void,
        notice: @escaping @Sendable (_ text: String) -> Void
    ) throws {
        self.topic = topic
        self.shards = shards
        self.most = most
        self.patience = patience
        self.stop = stop
        self.clock = clock
        self.notice = notice
        producer = try KafkaProducer(settings, onNotice: onNotice)
        consumer = try KafkaConsumer(settings, group: group, onNotice: onNotice)
    }

    package func send(_ messages: [ShuffleMessage]) async throws {
        guard !messages.isEmpty else { return }
        try await findTopic()
        try await producer.send(
            contentsOf: messages.map {
                KafkaMessage(topic: topic, partition: Int32(clamping: $0.shard), value: $0.bytes)
            })
    }

    package func waitForOwners() async throws {
        try await findTopic()
        var isTold = false
        while !stop.isRaised {
            let behind = try await behind()
            guard let (shard, records) = behind.max(by: { $0.value < $1.value }), records > most else { break }
            if !isTold {
                notice(
                    "waits: shard \(shard) has \(records) records before it, more than the \(most) that `lag` of `shuffle` "
                        + "allows; look whether its `--role evidence` process runs")
                isTold = true
            }
            try await clock.sleep(for: Self.interval)
        }
        if isTold, !stop.isRaised { notice("goes on: the shards have read what was told") }
    }

    /// The records of each partition that its owner has not committed; nothing of what brokers do not tell.
    private func behind() async throws -> [Int32: Int64] {
        let partitions = (0..<Int32(clamping: shards)).map { TopicPartition(topic: topic, partition: $0) }
        do throws(KafkaError) {
            let committed = try await consumer.committed(partitions)
            let marks = try await consumer.watermarks(of: partitions)
            return marks.reduce(into: [:]) { behind, mark in
                behind[mark.key.partition] = mark.value.left(after: committed[mark.key])
            }
        } catch {
            guard error.isRetriable else { throw error }
            return [:]
        }
    }

    /// Waits for the topic, and makes sure that it has a partition for each shard.
    private func findTopic() async throws {
        guard !isFound.withLock({ $0 }) else { return }
        var isTold = false
        let elapsed = clock.stopwatch()
        while true {
            do {
                let found = try await consumer.partitions(of: [topic])
                guard found.count == shards else {
                    throw DaemonError(.configuration, KafkaPart.mismatch(of: topic, found.count, shards: shards))
                }
                return isFound.withLock { $0 = true }
            } catch let error as KafkaError where error.isRetriable || error.isUnknownTopic {
                if stop.isRaised { throw error }
                if let patience, elapsed() >= patience {
                    throw DaemonError(
                        .unavailable,
                        "gave up after \(patience.components.seconds) s, since --until-drained waits no longer for \(topic), the "
                            + "topic of `shuffle`: \(error)")
                }
                if !isTold { notice("waits for the topic \(topic): \(error)") }
                isTold = true
                try await clock.sleep(for: Self.interval)
            }
        }
    }

    /// Lets everything go.
    package func close(within limit: Duration) async {
        await producer.close(within: limit)
        await consumer.close(within: limit)
    }
}
