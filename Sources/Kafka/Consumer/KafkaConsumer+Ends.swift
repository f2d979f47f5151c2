internal import CRdKafka

extension KafkaConsumer {
    /// The records of partitions from some offsets to the ends that they have now, read through a client of its own.
    ///
    /// What a partition no longer holds is passed over.
    ///
    /// - Parameters:
    ///   - offsets: The offset of the first record that is looked at of each partition.
    ///   - timeout: How long nothing may come.
    ///   - isWanted: Which records are kept.
    /// - Returns: Those records, in offset order within a partition.
    /// - Throws: `KafkaError`, also if nothing came for `timeout` before the ends were reached.
    public static func records(
        from offsets: [TopicPartition: Int64], settings: KafkaSettings, timeout: Duration = .seconds(60),
        where isWanted: @Sendable (KafkaRecord) -> Bool
    ) async throws -> [KafkaRecord] {
        let consumer = try KafkaConsumer(settings, group: nil)
        let silence = SilenceLimit(timeout)
        let limit = Task {
            // A task that is cancelled has nothing left to end.
            guard (try? await silence.wait()) != nil else { return }
            await consumer.close()
        }
        defer { limit.cancel() }
        do {
            let marks = try await consumer.watermarks(of: offsets.keys.sorted(), timeout: timeout)
            var starts: [TopicPartition: Int64] = [:]
            for (partition, offset) in offsets {
                guard let mark = marks[partition] else { continue }
                let start = max(offset, mark.low)
                if start < mark.high { starts[partition] = start }
            }
            var found: [KafkaRecord] = []
            if !starts.isEmpty {
                silence.heard()
                found = try await consumer.records(
                    from: starts, to: marks.mapValues(\.high), silence, where: isWanted)
            }
            await consumer.close()
            return found
        } catch {
            await consumer.close()
            throw error
        }
    }

    private func records(
        from starts: [TopicPartition: Int64], to ends: [TopicPartition: Int64],
        _ silence: SilenceLimit, where isWanted: @Sendable (KafkaRecord) -> Bool
    ) async throws -> [KafkaRecord] {
        try assign(starts)
        var open = starts
        var found: [KafkaRecord] = []
        for try await batch in batches {
            silence.heard()
            found += batch.records.filter { $0.offset < ends[$0.topicPartition] ?? 0 && isWanted($0) }
            for (partition, position) in batch.positions where position >= ends[partition] ?? 0 {
                open[partition] = nil
            }
            if open.isEmpty { return found }
        }
        let partitions = open.keys.sorted().map(\.description).joined(separator: ", ")
        throw KafkaError(
            RD_KAFKA_RESP_ERR__TIMED_OUT, couldNot: "read \(partitions) to the end", brokers: settings.brokers)
    }
}
