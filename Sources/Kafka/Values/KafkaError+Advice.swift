internal import CRdKafka

extension KafkaError {
    /// Whether a code is for trouble that ends by itself, without any change.
    static func passesByItself(_ response: rd_kafka_resp_err_t) -> Bool { passing.contains(response.rawValue) }

    /// `RD_KAFKA_RESP_ERR__DESTROY_BROKER`, which headers before librdkafka 2.6 do not name.
    ///
    /// The broker that a request was given to is no longer part of the cluster, or a bootstrap address gave way to the
    /// broker behind it: the next request goes to another.
    static let brokerLeft: Int32 = -137

    private static let passing: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__WAIT_CACHE,
            RD_KAFKA_RESP_ERR__RETRY, RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__NODE_UPDATE,
            RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
            RD_KAFKA_RESP_ERR_NOT_CONTROLLER, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
            RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_FETCH_SESSION_ID_NOT_FOUND,
            RD_KAFKA_RESP_ERR_INVALID_FETCH_SESSION_EPOCH,
        ].map(\.rawValue) + [brokerLeft])

    /// The advice for a code, if there is any.
    ///
    /// - Parameter detail: the library's own message, which identifies a connection lost during the TLS handshake.
    static func advice(for response: rd_kafka_resp_err_t, detail: String) -> String? {
        switch response {
        case _ where detail.contains("SSL_HANDSHAKE") || detail.contains("SSL handshake"):
            "check the 'ssl.*' settings and that this port speaks TLS"
        case _ where detail.contains("Disconnected") && detail.contains("APIVERSION_QUERY"):
            "check 'security.protocol': a port that speaks TLS ends connections that do not (ssl or sasl_ssl)"
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TIMED_OUT:
            "check that a broker listens there and that the addresses it advertises can be reached from here"
        case RD_KAFKA_RESP_ERR__RESOLVE:
            "check the spelling of the broker's host name"
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            "create the topic first or correct its name"
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            "the topic was made anew or its retention has passed that offset; start at one that it still holds"
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
            "check the 'sasl.*' settings"
        case RD_KAFKA_RESP_ERR__SSL:
            "check the 'ssl.*' settings and that this port speaks TLS"
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
            "let this user read, write or describe the topic"
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
            "let this user read the group"
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
            "let this user create topics and write idempotently"
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            "split the record or raise the topic's 'max.message.bytes' and the producer's 'message.max.bytes'"
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
            "the broker did not confirm the record within 'message.timeout.ms'; send it again when the broker is back"
        case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
            "the broker does not offer this request"
        case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
            "the cluster has fewer brokers than the replication asked for"
        case RD_KAFKA_RESP_ERR__BAD_COMPRESSION, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
            "this librdkafka was built without the compression that the topic uses"
        default:
            nil
        }
    }
}
