internal import CRdKafka

/// Reads one record of each of some partitions, at known offsets, through a client of its own; blocks.
struct RecordLookup {
    private let offsets: [TopicPartition: Int64]
    private let handle: ClientHandle

    init(_ offsets: [TopicPartition: Int64], _ settings: KafkaSettings) throws(KafkaError) {
        self.offsets = offsets
        let context = ClientContext(brokers: settings.brokers) { _ in }
        // Little is fetched ahead and the end is told soon: one record of each partition is wanted.
        let extra = [
            ("max.partition.fetch.bytes", "65536"), ("queued.min.messages", "1"), ("fetch.wait.max.ms", "10"),
        ]
        handle = try KafkaConsumer.makeHandle(
            settings, group: nil, extra: extra, context: context, hasPollThread: false)
    }

    /// Fetches from each offset until there is a record or the end.
    ///
    /// - Returns: the records that have just those offsets.
    func run(_ deadline: Deadline) throws(KafkaError) -> [TopicPartition: KafkaRecord] {
        if offsets.isEmpty { return [:] }
        let response = PartitionList(offsets).pass { rd_kafka_assign(handle.client, $0) }
        guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw handle.context.error(response, couldNot: "assign partitions")
        }
        var open = offsets
        var found: [TopicPartition: KafkaRecord] = [:]
        var decoder = MessageDecoder()
        while !open.isEmpty {
            if deadline.hasPassed {
                let partitions = open.keys.sorted().map(\.description).joined(separator: ", ")
                throw handle.context.error(RD_KAFKA_RESP_ERR__TIMED_OUT, couldNot: "read one record of \(partitions)")
            }
            guard let message = rd_kafka_consumer_poll(handle.client, min(100, deadline.milliseconds)) else { continue }
            switch decoder.decode(consuming: message) {
            case .arrival(.record(let record)):
                guard let offset = open[record.topicPartition], record.offset >= offset else { continue }
                open[record.topicPartition] = nil
                if record.offset == offset { found[record.topicPartition] = record }
            case .arrival(.end(let partition, _)):
                open[partition] = nil
            case .trouble(let response, let detail, let partition):
                if let partition = try settle(response, detail, partition) { open[partition] = nil }
            }
        }
        return found
    }

    /// The ends that the broker named while fetching.
    func endsSeen(of partitions: some Sequence<TopicPartition>) -> [TopicPartition: Int64] {
        handle.endsSeen(of: partitions)
    }

    /// - Returns: a partition that turned out not to hold its offset.
    private func settle(
        _ response: rd_kafka_resp_err_t, _ detail: String, _ partition: TopicPartition?
    ) throws(KafkaError) -> TopicPartition? {
        let place = partition.map { "\($0)" } ?? "one record"
        let error = handle.context.error(
            response, couldNot: "read \(place)", detail: detail, partition: partition,
            offset: partition.flatMap { offsets[$0] })
        if error.isOffsetOutOfRange { return partition }
        if error.isRetriable { return nil }
        throw error
    }
}

extension ClientHandle {
    /// The high watermarks in the last fetch answers; a partition not yet fetched is left out.
    func endsSeen(of partitions: some Sequence<TopicPartition>) -> [TopicPartition: Int64] {
        var ends: [TopicPartition: Int64] = [:]
        for partition in partitions {
            var low: Int64 = 0
            var high: Int64 = 0
            let response = rd_kafka_get_watermark_offsets(client, partition.topic, partition.partition, &low, &high)
            if response == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0 { ends[partition] = high }
        }
        return ends
    }
}
