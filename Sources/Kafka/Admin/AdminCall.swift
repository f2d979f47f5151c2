internal import CRdKafka

/// A request of librdkafka's admin API, sent and waited for; blocks.
struct AdminCall {
    let operation: rd_kafka_admin_op_t
    /// What is asked for, to follow "could not".
    let action: String
    let handle: ClientHandle

    /// Sends the request and reads the answer.
    ///
    /// - Parameters:
    ///   - submit: Hands the request to the client, with its options and the queue for the answer.
    ///   - read: Reads the answer, which is gone after it.
    func run<Answer>(
        _ deadline: Deadline, submit: (_ options: OpaquePointer?, _ answers: OpaquePointer) -> Void,
        read: (_ event: OpaquePointer) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        guard let answers = rd_kafka_queue_new(handle.client) else { throw .invalid("could not \(action): no memory") }
        defer { rd_kafka_queue_destroy(answers) }
        let options = rd_kafka_AdminOptions_new(handle.client, operation)
        defer { if let options { rd_kafka_AdminOptions_destroy(options) } }
        let patience = max(1, deadline.milliseconds)
        rd_kafka_AdminOptions_set_request_timeout(options, patience, nil, 0)
        submit(options, answers)
        // The request's own timeout answers first; this one is for the case that it does not.
        guard let event = rd_kafka_queue_poll(answers, patience &+ 500) else {
            handle.serveCallbacks()
            throw handle.context.error(RD_KAFKA_RESP_ERR__TIMED_OUT, couldNot: action)
        }
        defer { rd_kafka_event_destroy(event) }
        handle.serveCallbacks()
        try check(rd_kafka_event_error(event), rd_kafka_event_error_string(event))
        return try read(event)
    }

    /// Throws what an answer, or a part of it, says of a failure.
    func check(_ response: rd_kafka_resp_err_t, _ words: UnsafePointer<CChar>?) throws(KafkaError) {
        if response == RD_KAFKA_RESP_ERR_NO_ERROR { return }
        let isSilence = response == RD_KAFKA_RESP_ERR__TIMED_OUT || response == RD_KAFKA_RESP_ERR__TRANSPORT
        let detail = isSilence ? nil : words.map { String(cString: $0) }
        throw handle.context.error(response, couldNot: action, detail: detail)
    }
}
