internal import CRdKafka

/// A topic to be made.
struct TopicRequest: Sendable {
    let name: String
    let partitions: Int
    let replication: Int

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

    /// Sends the request and waits for the answer.
    func send(_ handle: ClientHandle, deadline: Deadline) throws(KafkaError) {
        let action = "create topic '\(name)'"
        var words = [CChar](repeating: 0, count: 512)
        let topic = rd_kafka_NewTopic_new(
            name, Int32(clamping: partitions), Int32(clamping: replication), &words, words.count)
        guard let topic, let answers = rd_kafka_queue_new(handle.client) else {
            throw .invalid("could not \(action): \(String(nulTerminated: words))")
        }
        defer {
            rd_kafka_NewTopic_destroy(topic)
            rd_kafka_queue_destroy(answers)
        }
        let options = rd_kafka_AdminOptions_new(handle.client, RD_KAFKA_ADMIN_OP_CREATETOPICS)
        defer { if let options { rd_kafka_AdminOptions_destroy(options) } }
        let patience = max(1, deadline.milliseconds)
        rd_kafka_AdminOptions_set_request_timeout(options, patience, &words, words.count)
        rd_kafka_AdminOptions_set_operation_timeout(options, patience, &words, words.count)

        var topics: [OpaquePointer?] = [topic]
        rd_kafka_CreateTopics(handle.client, &topics, 1, options, answers)
        // The request's own timeout answers first; this one is for the case that it does not.
        guard let event = rd_kafka_queue_poll(answers, patience &+ 500) else {
            handle.serveCallbacks()
            throw handle.context.error(RD_KAFKA_RESP_ERR__TIMED_OUT, couldNot: action)
        }
        defer { rd_kafka_event_destroy(event) }
        handle.serveCallbacks()
        try check(rd_kafka_event_error(event), rd_kafka_event_error_string(event), handle, action)

        var count = 0
        guard let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        else { return }
        for result in UnsafeBufferPointer(start: results, count: count) {
            try check(
                rd_kafka_topic_result_error(result), rd_kafka_topic_result_error_string(result), handle, action)
        }
    }

    private func check(
        _ response: rd_kafka_resp_err_t, _ words: UnsafePointer<CChar>?, _ handle: ClientHandle, _ action: String
    ) throws(KafkaError) {
        if response == RD_KAFKA_RESP_ERR_NO_ERROR { return }
        let isSilence = response == RD_KAFKA_RESP_ERR__TIMED_OUT || response == RD_KAFKA_RESP_ERR__TRANSPORT
        let detail = isSilence ? nil : words.map { String(cString: $0) }
        throw handle.context.error(response, couldNot: action, detail: detail)
    }
}
