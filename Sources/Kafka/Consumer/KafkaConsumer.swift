internal import CRdKafka

/// Reads assigned partitions from given offsets; joins a group only if it is made to.
///
/// Has a poll thread of its own. Temporary broker trouble is reported through `onNotice` and reading goes on by itself;
/// an offset the partition no longer holds, a topic that is gone and fatal errors end the sequence with a `KafkaError`.
public final class KafkaConsumer: Sendable {
    let core: ConsumerCore
    let queries: QueryClient
    let settings: KafkaSettings
    private let labelsOffsets: Bool

    /// Makes a consumer; contacts brokers in the background, so that this never waits.
    ///
    /// - Parameters:
    ///   - settings: brokers and passed-through settings.
    ///   - group: the group whose committed offsets `commit` sets; `nil` makes `commit` do nothing.
    ///   - isMember: whether `join` will be called, after which the group deals out the partitions.
    ///   - maximumBufferedBytes: the weight of polled and unread records above which partitions are paused. librdkafka
    ///     itself prefetches up to 16 MiB more.
    ///   - maximumBatchBytes: the weight of one batch.
    ///   - onNotice: called on the poll thread; must not wait.
    /// - Throws: `KafkaError` for settings that can't be used.
    public init(
        _ settings: KafkaSettings, group: String?, isMember: Bool = false, maximumBufferedBytes: Int = 32 << 20,
        maximumBatchBytes: Int = 64 << 10, onNotice: @escaping @Sendable (KafkaNotice) -> Void = { _ in }
    ) throws(KafkaError) {
        let context = ClientContext(brokers: settings.brokers, onNotice: onNotice)
        let handle = try Self.makeHandle(settings, group: group, extra: [], context: context, isMember: isMember)
        let limits = ConsumerLimits(maximumBytes: maximumBufferedBytes, batchBytes: maximumBatchBytes)
        self.settings = settings
        queries = QueryClient(settings)
        labelsOffsets = group != nil
        core = ConsumerCore(handle: handle, limits: limits, isMember: isMember)
        context.onRebalance { [weak core] in core?.rebalanced($0) ?? false }
        PollLoop.start(core, handle)
    }

    deinit { core.close(within: .seconds(2)) }

    /// The records of the assigned partitions, in batches.
    public var batches: some AsyncSequence<KafkaBatch, any Error> & Sendable { KafkaBatches(consumer: self) }

    /// Reads these partitions from these offsets on, in place of any read before.
    ///
    /// Records below the offset are never delivered, whatever the broker sends.
    ///
    /// The caller sees to it that the offset lies within the partition's watermarks: most brokers refuse one beyond the
    /// end, which ends the sequence, but some leave it unanswered.
    ///
    /// - Throws: `KafkaError` for a negative offset, an empty assignment, or a consumer that has ended; make a new one then.
    public func assign(_ offsets: [TopicPartition: Int64]) throws(KafkaError) {
        if offsets.isEmpty { throw .invalid("no partition to assign; name at least one topic that has partitions") }
        for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) where offset < 0 {
            throw .invalid("\(partition) can't be read from offset \(offset); take 0 or more")
        }
        try core.assign(offsets)
    }

    /// Labels the group with next offsets, for lag tools; without a group, nothing.
    ///
    /// Returns at once; later offsets replace earlier ones still unsent; a failure is a notice.
    public func commit(_ offsets: [TopicPartition: Int64]) {
        if labelsOffsets { core.commit(offsets) }
    }

    /// The next offset to be given to the reader, per assigned partition.
    public var positions: [TopicPartition: Int64] { core.positions }

    /// The weight of the records polled and not yet read, in bytes.
    public var bufferedBytes: Int { core.bufferedBytes }

    /// Ends the sequence, sends the last labels and releases the client.
    ///
    /// - Returns: whether all that was done within `limit`; if not, it goes on in the background.
    @discardableResult
    public func close(within limit: Duration = .seconds(5)) async -> Bool {
        let deadline = Deadline(after: limit)
        core.close(within: limit)
        let isGone = await core.destroyed.wait(for: deadline.remaining)
        return await queries.close(within: deadline.remaining) && isGone
    }
}

extension KafkaConsumer {
    static func makeHandle(
        _ settings: KafkaSettings, group: String?, extra: [(String, String)], context: ClientContext,
        hasPollThread: Bool = true, isMember: Bool = false
    ) throws(KafkaError) -> ClientHandle {
        let configuration = try ClientConfiguration.make(
            RD_KAFKA_CONSUMER, settings, defaults: defaults + extra,
            own: own + [("group.id", group ?? "gloss-unlabelled")],
            context: context)
        return try ClientHandle(
            RD_KAFKA_CONSUMER, configuration: configuration, context: context, hasPollThread: hasPollThread,
            isMember: isMember)
    }

    private static let defaults = [
        ("client.id", "gloss"),
        ("queued.max.messages.kbytes", "16384"),
        ("queued.min.messages", "10000"),
        // A partition is resumed, and the client closed, only when the fetch under way has been answered.
        ("fetch.wait.max.ms", "100"),
        // Since librdkafka 2.2: how long not to fetch when enough is queued; the default is a second.
        ("fetch.queue.backoff.ms", "50"),
        ("fetch.max.bytes", "4194304"),
        ("max.partition.fetch.bytes", "1048576"),
        // Room for a record of 16 MiB, which a broker sends whole even above the fetch size.
        ("receive.message.max.bytes", "67108864"),
        ("reconnect.backoff.max.ms", "5000"),
        ("socket.keepalive.enable", "true"),
    ]

    private static let own = [
        ("enable.auto.commit", "false"),
        ("enable.auto.offset.store", "false"),
        ("auto.offset.reset", "error"),
        ("enable.partition.eof", "true"),
        ("isolation.level", "read_committed"),
        ("allow.auto.create.topics", "false"),
    ]
}
