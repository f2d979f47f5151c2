extension KafkaConsumer {
    /// The record at an offset, read through a client of its own; `nil` if the partition no longer holds it.
    ///
    /// - Throws: `KafkaError` if it was not established within `timeout` whether the partition holds the record.
    public func record(
        at partition: TopicPartition, offset: Int64, timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> KafkaRecord? {
        try await records(at: [partition: offset], timeout: timeout)[partition]
    }

    /// One record of each partition; those that are no longer held are left out.
    ///
    /// - Parameter marks: The watermarks, where the caller has just asked for them.
    public func records(
        at offsets: [TopicPartition: Int64], within marks: [TopicPartition: Watermarks]? = nil,
        timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> [TopicPartition: KafkaRecord] {
        let deadline = Deadline(after: timeout)
        let settings = settings
        // Not every broker answers a fetch beyond the end.
        let held: [TopicPartition: Watermarks]
        if let marks { held = marks } else { held = try await watermarks(of: offsets.keys.sorted(), timeout: timeout) }
        let wanted = offsets.filter { offset in
            held[offset.key].map { $0.low <= offset.value && offset.value < $0.high } ?? false
        }
        return try await Blocking.run { () throws(KafkaError) in try RecordLookup(wanted, settings).run(deadline) }
    }
}
