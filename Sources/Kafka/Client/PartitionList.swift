internal import CRdKafka

/// Owns a librdkafka list of partitions with offsets, for the length of one call.
struct PartitionList: ~Copyable {
    typealias List = UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    private let list: List?

    init(_ offsets: [TopicPartition: Int64]) {
        list = rd_kafka_topic_partition_list_new(Int32(clamping: offsets.count))
        for (partition, offset) in offsets {
            let entry = rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition)
            entry?.pointee.offset = offset
        }
    }

    /// Partitions without offsets, for a call that takes none or fills them in.
    init(_ partitions: some Sequence<TopicPartition>) {
        var offsets: [TopicPartition: Int64] = [:]
        for partition in partitions { offsets[partition] = Int64(RD_KAFKA_OFFSET_INVALID) }
        self.init(offsets)
    }

    /// Hands the list to a call; the pointer is good only within it.
    borrowing func pass<Result>(to call: (List?) -> Result) -> Result { call(list) }

    /// The output of the call: each partition with its offset and its own error.
    var results: [(partition: TopicPartition, offset: Int64, response: rd_kafka_resp_err_t)] {
        guard let list, let entries = list.pointee.elems else { return [] }
        return UnsafeBufferPointer(start: entries, count: Int(list.pointee.cnt)).map { entry in
            let topic = entry.topic.map { String(cString: $0) } ?? ""
            return (TopicPartition(topic: topic, partition: entry.partition), entry.offset, entry.err)
        }
    }

    /// The partitions of a list that belongs to somebody else.
    static func partitions(of list: List?) -> [TopicPartition] {
        guard let list, let entries = list.pointee.elems else { return [] }
        return UnsafeBufferPointer(start: entries, count: Int(list.pointee.cnt)).map { entry in
            TopicPartition(topic: entry.topic.map { String(cString: $0) } ?? "", partition: entry.partition)
        }
    }

    deinit {
        if let list { rd_kafka_topic_partition_list_destroy(list) }
    }
}
