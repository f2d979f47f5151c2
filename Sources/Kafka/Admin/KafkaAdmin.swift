internal import CRdKafka

/// Topics and brokers, through a client of its own per call.
public enum KafkaAdmin {
    /// Makes a topic and waits until it can be used; one that is there with enough partitions is left as it is.
    ///
    /// - Parameter configuration: Settings of the topic, such as `retention.ms`; the brokers' own where there is none.
    /// - Throws: `KafkaError`; also if the topic is there with fewer partitions.
    @discardableResult
    public static func createTopic(
        _ name: String, partitions: Int, replication: Int = 1, configuration: [String: String] = [:],
        settings: KafkaSettings, timeout: Duration = .seconds(15)
    ) async throws(KafkaError) -> TopicCreation {
        guard (1...100_000).contains(partitions), (1...1000).contains(replication) else {
            throw .invalid("topic '\(name)' can't have \(partitions) partitions and \(replication) replicas")
        }
        let deadline = Deadline(after: timeout)
        let request = TopicRequest(
            name: name, partitions: partitions, replication: replication, configuration: configuration)
        return try await Blocking.run { () throws(KafkaError) in
            let handle = try makeHandle(settings)
            let found = try Metadata.fetch(topic: nil, handle: handle, deadline: deadline)
            if let existing = try request.creation(in: found) { return existing }
            try checkController(found, handle, request.action)
            do throws(KafkaError) {
                try request.send(handle, deadline: deadline)
            } catch {
                // Somebody else may have made it meanwhile.
                let found = try? Metadata.fetch(topic: nil, handle: handle, deadline: deadline)
                if let existing = try found.flatMap(request.creation) { return existing }
                throw error
            }
            _ = try Metadata.partitions(of: name, handle: handle, deadline: deadline)
            return .created
        }
    }

    /// The brokers and topics of a cluster.
    public static func metadata(
        _ settings: KafkaSettings, timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> KafkaCluster {
        let deadline = Deadline(after: timeout)
        return try await Blocking.run { () throws(KafkaError) in
            let handle = try makeHandle(settings)
            let answer = try Metadata.fetch(topic: nil, handle: handle, deadline: deadline)
            let topics = Dictionary(
                answer.topics.map { ($0.name, $0.partitions.count) }, uniquingKeysWith: { first, _ in first })
            return KafkaCluster(brokers: answer.brokers, topics: topics)
        }
    }

    /// The settings of a topic by name, as far as the brokers tell them; some tell only those that were given.
    ///
    /// - Throws: `KafkaError`; also if the brokers do not offer the request.
    public static func configuration(
        ofTopic name: String, settings: KafkaSettings, timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> [String: String] {
        let deadline = Deadline(after: timeout)
        let request = ConfigurationRequest(topic: name)
        return try await Blocking.run { () throws(KafkaError) in
            let handle = try makeHandle(settings)
            let found = try Metadata.fetch(topic: nil, handle: handle, deadline: deadline)
            try checkController(found, handle, request.action)
            return try request.send(handle, deadline: deadline)
        }
    }

    /// Without a controller a request would wait for one until the end of its time.
    private static func checkController(
        _ found: Metadata.Answer, _ handle: ClientHandle, _ action: String
    ) throws(KafkaError) {
        let controller = rd_kafka_controllerid(handle.client, 1000)
        guard found.brokers.contains(where: { $0.id == controller }) else {
            throw handle.context.error(
                RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, couldNot: action,
                detail: "no broker is the cluster's controller (a mock cluster has none, and gets topics as it starts)")
        }
    }

    /// A consumer, although nothing is read: its look-ups never make a topic by asking for it.
    private static func makeHandle(_ settings: KafkaSettings) throws(KafkaError) -> ClientHandle {
        let context = ClientContext(brokers: settings.brokers) { _ in }
        return try KafkaConsumer.makeHandle(settings, group: nil, extra: [], context: context, hasPollThread: false)
    }
}
