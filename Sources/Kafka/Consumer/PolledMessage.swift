internal import CRdKafka

/// The result of one poll, copied out of librdkafka.
enum PolledMessage {
    case arrival(ConsumerBuffer.Arrival)
    /// An error about one partition or about the client.
    case trouble(rd_kafka_resp_err_t, detail: String, partition: TopicPartition?)
}

/// Copies messages out of librdkafka, sharing one string per topic.
struct MessageDecoder {
    private var topics: [OpaquePointer: String] = [:]

    /// Copies a message and gives the original back to librdkafka.
    mutating func decode(consuming pointer: UnsafeMutablePointer<rd_kafka_message_t>) -> PolledMessage {
        defer { rd_kafka_message_destroy(pointer) }
        let message = pointer.pointee
        let partition = message.rkt.map { TopicPartition(topic: topic($0), partition: message.partition) }
        guard message.err == RD_KAFKA_RESP_ERR_NO_ERROR, let partition else {
            if message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF, let partition {
                return .arrival(.end(partition, message.offset))
            }
            let detail = rd_kafka_message_errstr(pointer).map { String(cString: $0) } ?? ""
            return .trouble(message.err, detail: detail, partition: partition)
        }
        let record = KafkaRecord(
            topic: partition.topic, partition: partition.partition, offset: message.offset,
            timestamp: rd_kafka_message_timestamp(pointer, nil), key: Self.bytes(message.key, message.key_len),
            value: Self.bytes(message.payload, message.len), headers: Self.headers(of: pointer))
        return .arrival(.record(record))
    }

    private mutating func topic(_ pointer: OpaquePointer) -> String {
        if let name = topics[pointer] { return name }
        let name = rd_kafka_topic_name(pointer).map { String(cString: $0) } ?? ""
        topics[pointer] = name
        return name
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        start.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: count)) }
    }

    private static func headers(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> [KafkaHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        return (0..<rd_kafka_header_cnt(list)).compactMap { index in
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var count = 0
            let response = rd_kafka_header_get_all(list, index, &name, &value, &count)
            guard response == RD_KAFKA_RESP_ERR_NO_ERROR, let name else { return nil }
            return KafkaHeader(name: String(cString: name), value: bytes(value, count))
        }
    }
}
