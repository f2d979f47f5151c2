internal import CRdKafka
internal import Foundation

/// Blocking look-ups of topics and brokers; to be called off the cooperative pool.
enum Metadata {
    /// The partitions of one topic.
    static func partitions(
        of topic: String, handle: ClientHandle, deadline: Deadline
    ) throws(KafkaError) -> [TopicPartition] {
        let action = "look up topic '\(topic)'"
        while true {
            let found = try fetch(topic: topic, handle: handle, deadline: deadline)
            guard let entry = found.topics.first(where: { $0.name == topic }) else {
                throw handle.context.error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, couldNot: action)
            }
            if entry.response == RD_KAFKA_RESP_ERR_NO_ERROR, !entry.partitions.isEmpty {
                return entry.partitions.map { TopicPartition(topic: topic, partition: $0) }
            }
            // A topic just made has no leaders for a moment.
            let response =
                entry.response == RD_KAFKA_RESP_ERR_NO_ERROR
                ? RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE : entry.response
            guard KafkaError.passesByItself(response), deadline.milliseconds > 100 else {
                throw handle.context.error(response, couldNot: action)
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    struct Topic {
        let name: String
        let response: rd_kafka_resp_err_t
        let partitions: [Int32]
    }

    struct Answer {
        let brokers: [KafkaBroker]
        let topics: [Topic]
    }

    /// - Parameter topic: one topic, or `nil` for all.
    static func fetch(topic: String?, handle: ClientHandle, deadline: Deadline) throws(KafkaError) -> Answer {
        let reference = topic.flatMap { rd_kafka_topic_new(handle.client, $0, nil) }
        defer { if let reference { rd_kafka_topic_destroy(reference) } }
        if let topic, reference == nil {
            throw handle.context.error(rd_kafka_last_error(), couldNot: "use the topic name '\(topic)'")
        }
        var answer: UnsafePointer<rd_kafka_metadata_t>?
        let response = rd_kafka_metadata(
            handle.client, topic == nil ? 1 : 0, reference, &answer, deadline.milliseconds)
        guard response == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else {
            handle.serveCallbacks()
            let action = topic.map { "look up topic '\($0)'" } ?? "look up the topics"
            throw handle.context.error(response, couldNot: action)
        }
        defer { rd_kafka_metadata_destroy(answer) }
        return decode(answer.pointee)
    }

    private static func decode(_ answer: rd_kafka_metadata_t) -> Answer {
        let brokers = UnsafeBufferPointer(start: answer.brokers, count: Int(answer.broker_cnt)).map { broker in
            KafkaBroker(id: broker.id, host: broker.host.map { String(cString: $0) } ?? "", port: broker.port)
        }
        let topics = UnsafeBufferPointer(start: answer.topics, count: Int(answer.topic_cnt)).map { topic in
            let partitions = UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt))
            return Topic(
                name: topic.topic.map { String(cString: $0) } ?? "", response: topic.err,
                partitions: partitions.map(\.id).sorted())
        }
        return Answer(brokers: brokers, topics: topics)
    }
}
