internal import CRdKafka

/// Writes records and confirms that each was written: idempotent, acknowledged by all replicas.
///
/// Has a poll thread of its own. At most 32 MiB or 50 000 messages are under way; senders beyond that wait.
public final class KafkaProducer: Sendable {
    let core: ProducerCore

    /// Makes a producer; contacts brokers in the background, so that this never waits.
    ///
    /// - Parameter onNotice: called on the poll thread; must not wait.
    /// - Throws: `KafkaError` for settings that can't be used.
    public init(
        _ settings: KafkaSettings, onNotice: @escaping @Sendable (KafkaNotice) -> Void = { _ in }
    ) throws(KafkaError) {
        let context = ClientContext(brokers: settings.brokers, onNotice: onNotice)
        let configuration = try ClientConfiguration.make(
            RD_KAFKA_PRODUCER, settings, defaults: Self.defaults, own: [("enable.idempotence", "true")],
            context: context)
        ProducerLoop.setCallback(configuration)
        let handle = try ClientHandle(RD_KAFKA_PRODUCER, configuration: configuration, context: context)
        core = ProducerCore(handle: handle, window: SendWindow(maximumMessages: 50_000, maximumBytes: 32 << 20))
        ProducerLoop.start(core, handle)
    }

    deinit { core.close() }

    /// Writes one record and waits for its delivery report.
    ///
    /// - Returns: the record's offset; -1 if the broker had it already from an earlier attempt and does not say.
    /// - Throws: `KafkaError`; `CancellationError` if the task was cancelled, and the record may still be written.
    @discardableResult
    public func send(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?,
        headers: [(String, [UInt8])] = []
    ) async throws -> Int64 {
        let message = KafkaMessage(
            topic: topic, partition: partition, key: key, value: value,
            headers: headers.map { KafkaHeader(name: $0.0, value: $0.1) })
        let group = DeliveryGroup(core: core)
        try await enqueue(message, group)
        return try await group.wait()
    }

    /// Writes many records, each sent before the one before it is reported; returns when all are written.
    ///
    /// - Parameter onDelivered: told the number written so far, on the poll thread; must not wait.
    /// - Throws: the first `KafkaError`, after the reports of all that was sent; `CancellationError`.
    public func send(
        contentsOf messages: [KafkaMessage], onDelivered: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        let group = DeliveryGroup(core: core, onDelivered: onDelivered)
        do {
            for message in messages where group.firstError == nil { try await enqueue(message, group) }
        } catch let error as KafkaError {
            _ = try await group.wait()
            throw error
        }
        _ = try await group.wait()
    }

    /// Waits until every record sent is reported.
    ///
    /// - Returns: how many still are not.
    @discardableResult
    public func flush(timeout: Duration) async -> Int { await core.flush(within: timeout) }

    /// Waits for reports for most of `limit`, fails the remaining records and releases the client.
    ///
    /// - Returns: whether all that was done within `limit`; if not, it goes on in the background.
    @discardableResult
    public func close(within limit: Duration = .seconds(5)) async -> Bool {
        let deadline = Deadline(after: limit)
        _ = await core.flush(within: deadline.remaining * 3 / 4)
        core.close()
        return await core.destroyed.wait(for: deadline.remaining)
    }

    /// Hands a record to the library after there is room for it.
    func enqueue(_ message: KafkaMessage, _ group: DeliveryGroup) async throws {
        try Task.checkCancellation()
        let weight = message.byteCount
        try await core.enter(weight: weight)
        group.started()
        while true {
            let reports = core.reports
            let response = core.handle?.enqueue(message, group) ?? RD_KAFKA_RESP_ERR__DESTROY
            if response == RD_KAFKA_RESP_ERR_NO_ERROR { return }
            if response == RD_KAFKA_RESP_ERR__QUEUE_FULL, await core.nextReport(after: reports) { continue }
            group.notStarted(weight: weight)
            if response == RD_KAFKA_RESP_ERR__DESTROY { throw KafkaError.closed("producer") }
            throw core.context.fatal ?? core.context.error(response, couldNot: "write a record to '\(message.topic)'")
        }
    }

    /// The largest record that is sent unless settings say otherwise, in bytes: 16 MiB and the record's frame.
    ///
    /// A broker's own bound is usually lower and answered for.
    public static let largestRecord = (16 << 20) + 65_536

    private static let defaults = [
        ("client.id", "gloss"),
        ("partitioner", "murmur2_random"),
        ("compression.codec", "lz4"),
        ("message.max.bytes", "\(largestRecord)"),
        ("queue.buffering.max.kbytes", "65536"),
        ("reconnect.backoff.max.ms", "5000"),
        ("socket.keepalive.enable", "true"),
    ]
}
