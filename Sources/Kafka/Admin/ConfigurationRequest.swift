internal import CRdKafka

/// The settings of a topic, asked for.
struct ConfigurationRequest: Sendable {
    let topic: String

    /// What is asked for, to follow "could not".
    var action: String { "ask for the settings of topic '\(topic)'" }

    /// Sends the request and waits for the answer.
    ///
    /// - Returns: The values by name; those that the brokers do not tell are left out.
    func send(_ handle: ClientHandle, deadline: Deadline) throws(KafkaError) -> [String: String] {
        guard let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic) else {
            throw .invalid("could not \(action): no memory")
        }
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let call = AdminCall(operation: RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, action: action, handle: handle)
        return try call.run(deadline) { options, answers in
            var resources: [OpaquePointer?] = [resource]
            rd_kafka_DescribeConfigs(handle.client, &resources, 1, options, answers)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_DescribeConfigs_result_resources(
                rd_kafka_event_DescribeConfigs_result(event), &count)
            var values: [String: String] = [:]
            for result in UnsafeBufferPointer(start: results, count: results == nil ? 0 : count) {
                try call.check(rd_kafka_ConfigResource_error(result), rd_kafka_ConfigResource_error_string(result))
                values.merge(Self.values(of: result)) { $1 }
            }
            return values
        }
    }

    private static func values(of resource: OpaquePointer?) -> [String: String] {
        var count = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &count)
        var values: [String: String] = [:]
        for entry in UnsafeBufferPointer(start: entries, count: entries == nil ? 0 : count) {
            guard let name = rd_kafka_ConfigEntry_name(entry), let value = rd_kafka_ConfigEntry_value(entry) else {
                continue
            }
            values[String(cString: name)] = String(cString: value)
        }
        return values
    }
}
