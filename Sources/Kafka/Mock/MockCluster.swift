internal import CRdKafka
internal import Foundation
internal import Synchronization

/// librdkafka's in-process brokers, for tests and for trying things out; never for data that matters.
///
/// Speaks the protocol over loopback to any client in any process. Nothing is stored on disk. Each partition keeps about
/// 5 MiB or 100 000 batches, whichever comes first, and drops its head above that, as if retention had passed. Topics can't be made by
/// request, only here; some versions make any topic that is asked for.
///
/// `@unchecked Sendable`: both pointers are constant, and the mock functions only enqueue requests to the cluster's own thread.
public final class MockCluster: @unchecked Sendable {
    private let client: OpaquePointer
    private let cluster: OpaquePointer

    /// The address to give to clients.
    public let brokers: String

    /// Starts brokers with some topics.
    ///
    /// - Throws: `KafkaError` if no port can be listened on or a topic can't be made.
    public init(topics: [String: Int], brokerCount: Int = 1) throws(KafkaError) {
        guard let configuration = rd_kafka_conf_new() else { throw .invalid("no memory for the mock cluster") }
        rd_kafka_conf_set(configuration, "log_level", "0", nil, 0)
        var words = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &words, words.count) else {
            rd_kafka_conf_destroy(configuration)
            throw .invalid("the mock cluster can't start: \(String(nulTerminated: words))")
        }
        guard let cluster = rd_kafka_mock_cluster_new(client, Int32(clamping: max(1, brokerCount))) else {
            rd_kafka_destroy(client)
            throw .invalid("the mock cluster can't listen on loopback")
        }
        self.client = client
        self.cluster = cluster
        brokers = rd_kafka_mock_cluster_bootstraps(cluster).map { String(cString: $0) } ?? ""
        for (topic, partitions) in topics.sorted(by: { $0.key < $1.key }) {
            let response = rd_kafka_mock_topic_create(cluster, topic, Int32(clamping: partitions), 1)
            guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError(
                    response, couldNot: "make topic '\(topic)' with \(partitions) partitions", brokers: brokers)
            }
        }
    }

    /// Cuts all connections and takes no new ones, or takes them again.
    public func setDown(_ isDown: Bool) {
        if isDown {
            rd_kafka_mock_broker_set_down(cluster, -1)
        } else {
            rd_kafka_mock_broker_set_up(cluster, -1)
        }
    }

    /// Answers requests for a topic's metadata with an error from now on.
    ///
    /// - Parameter code: an `rd_kafka_resp_err_t`.
    public func setError(ofTopic topic: String, code: Int32) {
        rd_kafka_mock_topic_set_error(cluster, topic, rd_kafka_resp_err_t(code))
    }

    /// Answers the next requests of a kind with these errors, one each.
    ///
    /// - Parameters:
    ///   - request: the protocol's ApiKey, such as 0 for Produce or 1 for Fetch.
    ///   - codes: `rd_kafka_resp_err_t`s.
    public func failNext(request: Int16, codes: [Int32]) {
        let responses = codes.map { rd_kafka_resp_err_t($0) }
        rd_kafka_mock_push_request_errors_array(cluster, request, responses.count, responses)
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }
}
