internal import CRdKafka

/// A description of a failure in plain words, with librdkafka's own code kept.
public struct KafkaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The `rd_kafka_resp_err_t`: above 0 the broker's, below 0 the client library's.
    public let code: Int32
    /// The code's name, such as `UNKNOWN_TOPIC_OR_PART`; bounded, so fit for a metric's label.
    public let name: String
    /// Whether the client that raised it is of no further use.
    public let isFatal: Bool
    /// Whether the same call may succeed later with nothing changed.
    public let isRetriable: Bool
    /// The partition concerned, if any.
    public let partition: TopicPartition?
    /// The offset concerned, if any.
    public let offset: Int64?
    /// The failure, its place, its cause and its remedy, on one line.
    public let description: String

    init(
        code: Int32, name: String, isFatal: Bool = false, isRetriable: Bool = false, partition: TopicPartition? = nil,
        offset: Int64? = nil, description: String
    ) {
        self.code = code
        self.name = name
        self.isFatal = isFatal
        self.isRetriable = isRetriable
        self.partition = partition
        self.offset = offset
        self.description = description
    }

    /// The topic does not exist.
    public var isUnknownTopic: Bool {
        code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC.rawValue
            || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION.rawValue
    }

    /// A broker has answered with it; what is not was found by the client library by itself.
    public var isFromBroker: Bool { code > 0 && !isSilence }

    /// No broker answered, or none in time; nothing is said of what was asked.
    public var isSilence: Bool {
        [
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
            RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
        ].contains { $0.rawValue == code } || code == Self.brokerLeft
    }

    /// One record was refused for what it is, and not written; another may be taken.
    public var isOfRecord: Bool {
        !isFatal
            && [
                RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
                RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
                RD_KAFKA_RESP_ERR_INVALID_RECORD,
            ].contains { $0.rawValue == code }
    }

    /// The partition does not hold the offset that was asked for.
    public var isOffsetOutOfRange: Bool {
        code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE.rawValue
            || code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET.rawValue
    }
}

extension KafkaError {
    /// An error of a call to librdkafka.
    ///
    /// - Parameters:
    ///   - code: an `rd_kafka_resp_err_t`.
    ///   - action: the action that failed, to follow "could not".
    ///   - brokers: the configured addresses.
    ///   - detail: the library's own message, if it gave one.
    init(
        code: Int32, couldNot action: String, brokers: String, detail: String? = nil,
        partition: TopicPartition? = nil, offset: Int64? = nil, isFatal: Bool = false
    ) {
        let response = rd_kafka_resp_err_t(code)
        let text = String(cString: rd_kafka_err2str(response))
        var words = "could not \(action) (broker \(brokers)): "
        if let detail, KafkaLibrary.isApiVersionsMisreading(detail) {
            words += KafkaLibrary.apiVersionsMisreading
        } else {
            words += detail.map { $0.contains(text) ? $0 : "\(text): \($0)" } ?? text
            if let advice = Self.advice(for: response, detail: detail ?? "") { words += "; \(advice)" }
        }
        self.init(
            code: response.rawValue, name: String(cString: rd_kafka_err2name(response)),
            isFatal: isFatal || response == RD_KAFKA_RESP_ERR__FATAL,
            isRetriable: Self.passesByItself(response), partition: partition, offset: offset,
            description: words.filter { !$0.isNewline })
    }

    /// The same, of the library's own type.
    init(
        _ response: rd_kafka_resp_err_t, couldNot action: String, brokers: String, detail: String? = nil,
        partition: TopicPartition? = nil, offset: Int64? = nil, isFatal: Bool = false
    ) {
        self.init(
            code: response.rawValue, couldNot: action, brokers: brokers, detail: detail, partition: partition,
            offset: offset, isFatal: isFatal)
    }

    /// An argument or setting that can't be used.
    static func invalid(_ description: String) -> KafkaError {
        let code = RD_KAFKA_RESP_ERR__INVALID_ARG
        return KafkaError(code: code.rawValue, name: String(cString: rd_kafka_err2name(code)), description: description)
    }

    /// A call on a client that was closed.
    static func closed(_ what: String) -> KafkaError {
        let code = RD_KAFKA_RESP_ERR__DESTROY
        return KafkaError(
            code: code.rawValue, name: String(cString: rd_kafka_err2name(code)), isFatal: true,
            description: "the Kafka \(what) is closed; make a new one")
    }
}
