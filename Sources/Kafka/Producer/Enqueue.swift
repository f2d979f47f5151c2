internal import CRdKafka

extension ClientHandle {
    /// Copies a message into the library's queue; on success its report will come to `group`.
    func enqueue(_ message: KafkaMessage, _ group: DeliveryGroup) -> rd_kafka_resp_err_t {
        let headers = Self.headers(message.headers)
        let opaque = Unmanaged.passRetained(group)
        let response = Self.withBytes(message.key) { key, keyCount in
            Self.withBytes(message.value) { value, valueCount in
                crdkafka_produce(
                    client, message.topic, message.partition ?? crdkafka_unassigned_partition, key, keyCount, value,
                    valueCount, max(0, message.timestamp ?? 0), headers, opaque.toOpaque())
            }
        }
        if response != RD_KAFKA_RESP_ERR_NO_ERROR {
            opaque.release()
            if let headers { rd_kafka_headers_destroy(headers) }
        }
        return response
    }

    private static func headers(_ headers: [KafkaHeader]) -> OpaquePointer? {
        if headers.isEmpty { return nil }
        let list = rd_kafka_headers_new(headers.count)
        for header in headers {
            withBytes(header.value) { value, count in
                _ = rd_kafka_header_add(list, header.name, -1, value, count)
            }
        }
        return list
    }

    /// A null pointer means `nil`, so empty bytes need another one.
    private static func withBytes<Result>(
        _ bytes: [UInt8]?, _ body: (UnsafeRawPointer?, Int) -> Result
    ) -> Result {
        guard let bytes else { return body(nil, 0) }
        if bytes.isEmpty { return withUnsafeBytes(of: 0 as UInt8) { body($0.baseAddress, 0) } }
        return bytes.withUnsafeBytes { body($0.baseAddress, $0.count) }
    }
}
