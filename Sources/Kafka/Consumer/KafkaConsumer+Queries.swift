internal import CRdKafka

extension KafkaConsumer {
    /// All partitions of some topics, in order.
    ///
    /// - Throws: `KafkaError`; an unknown topic is one (`isUnknownTopic`), no answer in time another.
    public func partitions(
        of topics: [String], timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> [TopicPartition] {
        let deadline = Deadline(after: timeout)
        return try await asking { handle throws(KafkaError) in
            var found: Set<TopicPartition> = []
            for topic in topics {
                found.formUnion(try Metadata.partitions(of: topic, handle: handle, deadline: deadline))
            }
            return found.sorted()
        }
    }

    /// The watermarks of a partition, asked of its leader.
    public func watermarks(
        of partition: TopicPartition, timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> Watermarks {
        guard let found = try await watermarks(of: [partition], timeout: timeout)[partition] else {
            throw .invalid("\(partition) has no watermarks")
        }
        return found
    }

    /// The watermarks of several partitions, asked of their leaders.
    ///
    /// The end is confirmed by fetching from it, since some brokers (Tansu) answer with the start of the last batch
    /// instead. That takes some tens of milliseconds more.
    public func watermarks(
        of partitions: [TopicPartition], timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> [TopicPartition: Watermarks] {
        let deadline = Deadline(after: timeout)
        let settings = settings
        return try await asking { handle throws(KafkaError) in
            var found = try Self.listOffsets(of: partitions, handle, deadline)
            let lookup = try RecordLookup(found.mapValues(\.high), settings)
            _ = try lookup.run(deadline)
            for (partition, end) in lookup.endsSeen(of: partitions) {
                guard let listed = found[partition] else { continue }
                found[partition] = Watermarks(low: listed.low, high: max(listed.high, end))
            }
            return found
        }
    }

    private static func listOffsets(
        of partitions: [TopicPartition], _ handle: ClientHandle, _ deadline: Deadline
    ) throws(KafkaError) -> [TopicPartition: Watermarks] {
        var found: [TopicPartition: Watermarks] = [:]
        for partition in partitions {
            var low: Int64 = 0
            var high: Int64 = 0
            let response = rd_kafka_query_watermark_offsets(
                handle.client, partition.topic, partition.partition, &low, &high, deadline.milliseconds)
            guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
                handle.serveCallbacks()
                throw handle.context.error(
                    response, couldNot: "ask for the watermarks of \(partition)", partition: partition)
            }
            found[partition] = Watermarks(low: low, high: high)
        }
        return found
    }

    /// The offsets the group was last labelled with; partitions it has no label for are left out.
    public func committed(
        _ partitions: [TopicPartition], timeout: Duration = .seconds(10)
    ) async throws(KafkaError) -> [TopicPartition: Int64] {
        let deadline = Deadline(after: timeout)
        guard let handle = core.handle else { throw .closed("consumer") }
        return try await Blocking.run { () throws(KafkaError) in
            let list = PartitionList(partitions)
            let response = list.pass { rd_kafka_committed(handle.client, $0, deadline.milliseconds) }
            guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw handle.context.error(response, couldNot: "ask for the group's offsets")
            }
            var found: [TopicPartition: Int64] = [:]
            for result in list.results where result.offset >= 0 { found[result.partition] = result.offset }
            return found
        }
    }

    /// The reader's distance from the end, per partition, from the end last seen while fetching.
    ///
    /// A partition whose end has not been seen yet is left out. Never contacts a broker.
    public var lag: [TopicPartition: Int64] {
        let positions = core.positions
        var lag: [TopicPartition: Int64] = [:]
        for (partition, end) in core.handle?.endsSeen(of: positions.keys) ?? [:] {
            lag[partition] = max(0, end - (positions[partition] ?? 0))
        }
        return lag
    }

    /// The reader's distance from the end, per assigned partition, by asking the brokers for the ends now.
    ///
    /// - Throws: `KafkaError`, also if a partition ends before the reader's position (`isOffsetOutOfRange`).
    public func freshLag(timeout: Duration = .seconds(10)) async throws(KafkaError) -> [TopicPartition: Int64] {
        let before = core.positions
        let deadline = Deadline(after: timeout)
        var ends = try await asking { handle throws(KafkaError) in
            try Self.listOffsets(of: before.keys.sorted(), handle, deadline).mapValues(\.high)
        }
        // The fetched end corrects a broker that lists too low an end.
        ends.merge(core.handle?.endsSeen(of: before.keys) ?? [:]) { max($0, $1) }
        let beyond = before.filter { $0.value > ends[$0.key] ?? 0 }.keys.sorted()
        if !beyond.isEmpty {
            let confirmed = try await watermarks(of: beyond, timeout: timeout)
            for partition in beyond {
                let (end, position) = (confirmed[partition]?.high ?? 0, before[partition] ?? 0)
                if position > end { throw Self.truncated(partition, end: end, position: position, settings) }
                ends[partition] = end
            }
        }
        let positions = core.positions
        return ends.reduce(into: [:]) { lag, entry in
            lag[entry.key] = max(0, entry.value - (positions[entry.key] ?? 0))
        }
    }

    private static func truncated(
        _ partition: TopicPartition, end: Int64, position: Int64, _ settings: KafkaSettings
    ) -> KafkaError {
        KafkaError(
            RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, couldNot: "go on reading \(partition) at offset \(position)",
            brokers: settings.brokers, detail: "the partition ends at \(end)", partition: partition, offset: position)
    }

    /// Whether the reader has been given everything that the assigned partitions hold now.
    ///
    /// `false` with nothing assigned.
    public func isCaughtUp(timeout: Duration = .seconds(10)) async throws(KafkaError) -> Bool {
        let lag = try await freshLag(timeout: timeout)
        return !lag.isEmpty && lag.values.allSatisfy { $0 == 0 }
    }

    private func asking<Value: Sendable>(
        _ body: @escaping @Sendable (ClientHandle) throws(KafkaError) -> Value
    ) async throws(KafkaError) -> Value {
        let queries = queries
        do throws(KafkaError) {
            let value = try await Blocking.run { () throws(KafkaError) in try body(queries.handle()) }
            core.context.questionWasAnswered()
            return value
        } catch {
            if error.isSilence {
                core.context.questionFailed(error, trouble: queries.lastTrouble)
            } else if error.isFromBroker {
                core.context.questionWasAnswered()
            }
            throw error
        }
    }
}
