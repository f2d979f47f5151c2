import Corpus
import Dataflow
package import Elements
package import Kafka
package import Observability
package import Running
import Synchronization

/// Records of some Kafka topics, all partitions, from the fences on.
package final class KafkaRecordSource: RecordSource {
    let node: String
    private let topics: [String]
    private let startsLatest: Bool
    private let check: FenceCheck
    private let patience: Duration?
    private let consumer: KafkaConsumer
    private let settings: KafkaSettings
    private let group: String?
    let part: KafkaPart
    /// The time between two looks for a topic that is not there.
    private static let topicInterval = Duration.seconds(1)
    /// The time between two tries of brokers that refuse at once.
    static let retryInterval = Duration.milliseconds(100)

    private let answerTime: Duration
    let clock: any Clock<Duration>
    let onNotice: @Sendable (KafkaNotice) -> Void

    private struct State {
        var assigned: [TopicPartition: Int64] = [:]
        /// The fences of the last checkpoint, or those that reading started after.
        var counted: [Fence] = []
        var isClosed = false
        var readings = GroupReadings()
        /// Whether whoever reads has not heard yet which partitions the group has dealt out last.
        var isMoving = false
        /// How far it had been read when it was closed.
        var lastExtent: SourceExtent?
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - patience: How long brokers that do not answer, and topics that are not there, are waited for at the start;
    ///     `nil`: for ever.
    ///   - answerTime: How long the brokers have for an answer before they are asked anew.
    ///   - clock: The time that patience goes by.
    ///   - part: The partitions that are read, if others are read elsewhere.
    ///   - onNotice: Told of what the client meets, also of topics that are not there.
    package init(
        node: String, settings: KafkaSettings, topics: [String], group: String?, startsLatest: Bool, acceptsGap: Bool,
        patience: Duration?, answerTime: Duration = .seconds(5), clock: any Clock<Duration> = ContinuousClock(),
        part: KafkaPart = KafkaPart(),
        onGap: @escaping @Sendable (_ what: String) throws -> Void,
        onNotice: @escaping @Sendable (KafkaNotice) -> Void
    ) throws {
        self.node = node
        self.topics = topics
        self.startsLatest = startsLatest
        check = FenceCheck(node: node, acceptsGap: acceptsGap, onGap: onGap)
        self.patience = patience
        self.answerTime = answerTime
        self.settings = settings
        self.group = group
        self.part = part
        self.clock = clock
        self.onNotice = onNotice
        consumer = try KafkaConsumer(
            settings, group: group, isMember: part.isDealtByGroup, maximumBufferedBytes: 16 << 20,
            maximumBatchBytes: 4 << 10, onNotice: onNotice)
    }

    package func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        let elapsed = clock.stopwatch()
        var missing: KafkaError?
        while true {
            do {
                let kept = try await startOnce(after: fences)
                if missing != nil {
                    let names = topics.joined(separator: ", ")
                    onNotice(KafkaNotice(kind: .recovered, level: .information, description: "there is \(names)"))
                }
                return kept
            } catch let error as KafkaError where error.isRetriable || error.isUnknownTopic {
                if stop.isRaised { return nil }
                if let patience, elapsed() >= patience {
                    throw DaemonError(
                        .unavailable,
                        "\(node): gave up after \(patience.components.seconds) s, since --until-drained waits no longer: "
                            + "\(error)")
                }
                guard error.isUnknownTopic else {
                    try await clock.sleep(for: Self.retryInterval)
                    continue
                }
                missing = error
                onNotice(
                    KafkaNotice(
                        kind: .topicMissing, level: .warning, description: "waits for a topic, still looking: \(error)")
                )
                try await clock.sleep(for: Self.topicInterval)
            }
        }
    }

    private func startOnce(after fences: [Fence]) async throws -> [Fence] {
        let partitions = try part.chosen(
            of: try await consumer.partitions(of: topics, timeout: answerTime), by: node)
        if part.isDealtByGroup {
            consumer.join(topics)
            return fences
        }
        let (start, kept, committed) = try await places(of: partitions, after: fences)
        state.withLock { ($0.assigned, $0.counted) = (start, kept) }
        part.onStart(
            start.map { partition, offset in
                KafkaPart.Start(
                    partition: PartitionKey(partition), offset: offset, isCommitted: isFenced(partition, by: committed))
            })
        try consumer.assign(start)
        return startsLatest || part.goesOnFromCommitted ? kept + ends(in: start, without: kept) : kept
    }

    /// Where partitions are read from, checked against what they hold.
    ///
    /// - Returns: The offset of each; the fences that stand, and among them those that the group has committed.
    func places(
        of partitions: [TopicPartition], after fences: [Fence]
    ) async throws -> (start: [TopicPartition: Int64], kept: [Fence], committed: [Fence]) {
        let committed = try await committed(partitions, without: fences)
        let marks = try await partitions.isEmpty ? [:] : consumer.watermarks(of: partitions, timeout: answerTime)
        try part.checkCommitted(committed, marks, by: node)
        let contents = KafkaContents(consumer: consumer, node: node, topics: topics, marks: marks)
        let kept = try await check.passed(fences + committed, by: contents)
        try part.checkStart(of: partitions.filter { !isFenced($0, by: kept) }, marks, check)
        var start = marks.mapValues { startsLatest ? $0.high : $0.low }
        for fence in kept where fence.source == node && topics.contains(fence.topic) {
            start[PartitionKey(of: fence).topicPartition] = fence.next
        }
        return (start, kept, committed)
    }

    func isFenced(_ partition: TopicPartition, by fences: [Fence]) -> Bool {
        fences.contains { $0.source == node && PartitionKey(of: $0).topicPartition == partition }
    }

    /// Fences at the offsets that the group has committed, of partitions that have none.
    private func committed(_ partitions: [TopicPartition], without fences: [Fence]) async throws -> [Fence] {
        guard part.goesOnFromCommitted else { return [] }
        let left = partitions.filter { !isFenced($0, by: fences) }
        let offsets = try await left.isEmpty ? [:] : consumer.committed(left, timeout: answerTime)
        return offsets.sorted { $0.key < $1.key }.map { partition, offset in
            Fence(source: node, topic: partition.topic, partition: partition.partition, next: offset, last: nil)
        }
    }

    /// Fences at the ends from which partitions are read that have none.
    ///
    /// Without them, what comes between this start and the first record read would be passed over by a next start at the
    /// end.
    private func ends(in start: [TopicPartition: Int64], without kept: [Fence]) -> [Fence] {
        let fenced = Set(kept.filter { $0.source == node }.map(PartitionKey.init(of:)))
        return start.filter { !fenced.contains(PartitionKey($0.key)) }.map { partition, offset in
            Fence(source: node, topic: partition.topic, partition: partition.partition, next: offset, last: nil)
        }.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }

    package var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        KafkaSourceBatches(upstream: consumer.batches, source: self)
    }

    package func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool {
        let (starts, isMoving) = state.withLock { ($0.assigned, $0.isMoving) }
        if part.isDealtByGroup {
            guard !isMoving, !consumer.isBeingDealt else { return false }
            // There are enough others.
            if starts.isEmpty { return true }
        }
        guard !starts.isEmpty, let marks = try? await consumer.watermarks(of: Array(starts.keys), timeout: .seconds(5))
        else {
            return false
        }
        return starts.allSatisfy { partition, start in
            let position = next[PartitionKey(partition)] ?? start
            return position >= marks[partition]?.high ?? .max
        }
    }

    package func checkpointed(_ fences: [Fence]) async {
        let own = fences.filter { $0.source == node }
        let offsets = Dictionary(
            own.map { (PartitionKey(of: $0).topicPartition, $0.next) }, uniquingKeysWith: { $1 })
        let isClosed = state.withLock { state in
            state.counted = own
            // Within the lock: what is handed over before closing begins is sent before it ends.
            if !state.isClosed || part.isDealtByGroup { consumer.commit(offsets) }
            return state.isClosed
        }
        // A member commits until it has left; from any other the group would take nothing.
        if part.isDealtByGroup { return }
        // The last checkpoint is on disk only after the source has ended.
        guard isClosed, let group, !offsets.isEmpty, let labelling = try? KafkaConsumer(settings, group: group) else {
            return
        }
        labelling.commit(offsets)
        await labelling.close(within: ShutdownPatience.standard.kafkaClient)
    }

    package func watch(clock: any Clock<Duration>) async throws {
        var watch = TopicWatch()
        while true {
            try await clock.sleep(for: TopicWatch.interval)
            do {
                if let refusal = try await look(by: &watch) { throw refusal }
            } catch is KafkaError {
                // Brokers that do not answer are told of by the client.
            }
        }
    }

    private func look(by watch: inout TopicWatch) async throws -> DaemonError? {
        // The positions first: what is read meanwhile must not lie beyond ends that were asked for before.
        let positions = consumer.positions
        let counted = state.withLock { $0.counted }
        let marks = try await consumer.watermarks(of: positions.keys.sorted(), timeout: answerTime)
        let last = counted.compactMap { fence in
            fence.last.map { (PartitionKey(of: fence).topicPartition, $0.offset) }
        }.filter { positions[$0.0] != nil }
        let records = try await consumer.records(
            at: Dictionary(last, uniquingKeysWith: { $1 }), within: marks, timeout: answerTime)
        let contents = KafkaContents(
            consumer: consumer, node: node, topics: topics, marks: marks,
            hashes: Dictionary(
                uniqueKeysWithValues: last.map { ($0.0, records[$0.0].map { RawRecord($0, node: node).valueHash }) }))
        return try await watch.look(
            at: contents,
            positions: Dictionary(uniqueKeysWithValues: positions.map { (PartitionKey($0.key), $0.value) }),
            counted: counted)
    }

    package var lag: [SourceLag] {
        consumer.lag.map { SourceLag(topic: $0.key.topic, partition: $0.key.partition, records: $0.value) }
    }

    package var extent: SourceExtent? {
        let (starts, last) = state.withLock { ($0.assigned, $0.lastExtent) }
        if let last { return last }
        let lag = consumer.lag
        // The end of a partition is known once something of it has come; an empty one has nothing to tell.
        guard !lag.isEmpty else { return nil }
        let read = consumer.positions.reduce(Int64(0)) { $0 + max(0, $1.value - (starts[$1.key] ?? $1.value)) }
        return SourceExtent(read: read, left: lag.values.reduce(0, +))
    }

    package func close() async {
        // A client that is closed tells nothing any more, and what has been read is still worked on.
        let last = extent
        state.withLock { ($0.isClosed, $0.lastExtent) = (true, last) }
        if part.isDealtByGroup { return consumer.finish() }
        await consumer.close(within: ShutdownPatience.standard.kafkaClient)
    }
}

// What a member of a group needs, without the lock.
extension KafkaRecordSource {
    var isClosed: Bool { state.withLock { $0.isClosed } }
    var readings: GroupReadings { state.withLock { $0.readings } }
    var positions: [TopicPartition: Int64] { consumer.positions }

    /// Reads the partitions of an assignment as a change says; `false` if the group has dealt anew meanwhile.
    func read(_ assignment: GroupAssignment, by change: GroupReadings.Change, with readings: GroupReadings) -> Bool {
        state.withLock { state in
            guard consumer.read(assignment, from: change.offsets) else { return false }
            state.readings = readings
            state.assigned = change.offsets
            state.isMoving = !change.begun.isEmpty || !change.ended.isEmpty
            return true
        }
    }

    package func moved() { state.withLock { $0.isMoving = false } }

    package func release() async {
        if part.isDealtByGroup { await consumer.close(within: ShutdownPatience.standard.kafkaClient) }
    }
}
