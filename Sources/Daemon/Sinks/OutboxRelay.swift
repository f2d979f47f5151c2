import Dataflow
import Kafka
import Store
import Synchronization

/// Carries messages from the outbox to Kafka and marks those delivered; what fails stays and is tried again.
final class OutboxRelay: Sendable {
    private let store: Store
    private let disk: ComputePool<Void>
    private let producers: [String: KafkaProducer]
    private let wakeUps = BoundedChannel<Void>(capacity: 1, supersedes: { _, _ in true }, weigh: { _ in 1 })
    private let onFailure: @Sendable (_ sink: String, _ reason: String) -> Void
    private let clock: any Clock<Duration>
    private let background = Mutex<Task<Void, any Error>?>(nil)
    private let delivered = Atomic<Int>(0)

    init(
        store: Store, disk: ComputePool<Void>, producers: [String: KafkaProducer], clock: any Clock<Duration>,
        onFailure: @escaping @Sendable (_ sink: String, _ reason: String) -> Void
    ) {
        self.store = store
        self.disk = disk
        self.producers = producers
        self.clock = clock
        self.onFailure = onFailure
    }

    /// Says that there may be something new in the outbox.
    func wake() {
        Task { try? await wakeUps.send(()) }
    }

    /// Relays in the background from now on.
    func start() {
        let task = Task { try await run() }
        background.withLock { $0 = task }
    }

    /// Ends relaying, once what is left has been sent or nothing could be sent for as long as `patience`.
    ///
    /// - Returns: Whether nothing is left in the outbox.
    func finish(patience: Duration) async throws -> Bool {
        wakeUps.finish()
        let running = background.withLock { $0 }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                // Not cancelled while it can go on: what it had handed to a producer would be sent again.
                try await withTaskCancellationHandler {
                    try await running?.value
                } onCancel: {
                    running?.cancel()
                }
                return try await relayPending()
            }
            group.addTask { [self] in
                var before = -1
                while before != delivered.load(ordering: .relaxed) {
                    before = delivered.load(ordering: .relaxed)
                    try await clock.sleep(for: patience)
                }
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    private func run() async throws {
        guard !producers.isEmpty else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [clock, wakeUps] in
                while true {
                    try await clock.sleep(for: .seconds(1))
                    try await wakeUps.send(())
                }
            }
            for try await _ in wakeUps { _ = try await relayPending() }
            group.cancelAll()
        }
    }

    /// Sends what is in the outbox now.
    ///
    /// - Returns: Whether nothing is left.
    private func relayPending() async throws -> Bool {
        var isEmpty = true
        for (sink, producer) in producers.sorted(by: { $0.key < $1.key }) {
            isEmpty = try await relay(sink, by: producer) && isEmpty
        }
        return isEmpty
    }

    /// Sends what waits for one sink, so that a sink that fails does not hold up the others.
    private func relay(_ sink: String, by producer: KafkaProducer) async throws -> Bool {
        while true {
            let rows = try await disk.run { [store] _ in try store.pendingOutbox(limit: 1000, sink: sink) }
            if rows.isEmpty { return true }
            do {
                try await producer.send(
                    contentsOf: rows.map {
                        KafkaMessage(
                            topic: $0.topic, key: $0.key, value: $0.value,
                            headers: [KafkaHeader(name: "gloss-dedupe", value: Array($0.dedupe.utf8))])
                    }, onDelivered: { [self] _ in delivered.add(1, ordering: .relaxed) })
            } catch {
                onFailure(sink, "\(error)")
                return false
            }
            try await disk.run { [store] _ in try store.markSent(rows.map(\.sequence)) }
        }
    }

    /// Lets the producers go.
    func close() async {
        wakeUps.finish()
        background.withLock { $0 }?.cancel()
        for producer in producers.values { await producer.close() }
    }
}
