internal import CRdKafka

/// A topic to be made.
struct TopicRequest: Sendable {
    let name: String
    let partitions: Int
    let replication: Int
    /// Its settings, such as `retention.ms`; the brokers' own where there is none.
    var configuration: [String: String] = [:]

    /// The topic as a look-up reports it; `nil` if it is not there.
    func creation(in found: Metadata.Answer) throws(KafkaError) -> TopicCreation? {
        guard let count = found.topics.first(where: { $0.name == name })?.partitions.count, count > 0 else {
            return nil
        }
        if count < partitions {
            throw .invalid(
                "topic '\(name)' exists with \(count) partitions, \(partitions) were asked for; "
                    + "take another name or ask for \(count)")
        }
        return .existed(partitions: count)
    }

    /// What is asked for, to follow "could not".
    var action: String { "create topic '\(name)'" }

    /// Sends the request and waits for the answer.
    func send(_ handle: ClientHandle, deadline: Deadline) throws(KafkaError) {
        var words = [CChar](repeating: 0, count: 512)
        let made = rd_kafka_NewTopic_new(
            name, Int32(clamping: partitions), Int32(clamping: replication), &words, words.count)
        guard let topic = made else { throw .invalid("could not \(action): \(String(nulTerminated: words))") }
        defer { rd_kafka_NewTopic_destroy(topic) }
        for (name, value) in configuration { rd_kafka_NewTopic_set_config(topic, name, value) }
        let call = AdminCall(operation: RD_KAFKA_ADMIN_OP_CREATETOPICS, action: action, handle: handle)
        try call.run(deadline) { options, answers in
            rd_kafka_AdminOptions_set_operation_timeout(options, max(1, deadline.milliseconds), nil, 0)
            var topics: [OpaquePointer?] = [topic]
            rd_kafka_CreateTopics(handle.client, &topics, 1, options, answers)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
            for result in UnsafeBufferPointer(start: results, count: results == nil ? 0 : count) {
                try call.check(rd_kafka_topic_result_error(result), rd_kafka_topic_result_error_string(result))
            }
        }
    }
}
