package import Dataflow
import Store
import Synchronization

/// Carries messages from the outbox to one sink and marks those delivered; what fails stays and is tried again.
package final class SinkRelay: Sendable {
    /// The most messages sent together.
    package static let batchLimit = 1000
    /// How long a sink that failed is left alone, unless there is something new for it.
    package static let retryInterval = Duration.seconds(1)

    let node: String
    private let sink: any ResultSink
    private let outbox: any Outbox
    private let disk: ComputePool<Void>
    private let clock: any Clock<Duration>
    private let onFailure: @Sendable (_ sink: String, _ reason: String) -> Void
    private let onSent: @Sendable (_ sink: String) -> Void
    private let wakeUps: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let background = Mutex<Task<Void, any Error>?>(nil)
    private let delivered = Atomic<Int>(0)

    package init(
        node: String, sink: any ResultSink, outbox: any Outbox, disk: ComputePool<Void>, clock: any Clock<Duration>,
        onFailure: @escaping @Sendable (_ sink: String, _ reason: String) -> Void,
        onSent: @escaping @Sendable (_ sink: String) -> Void
    ) {
        self.node = node
        self.sink = sink
        self.outbox = outbox
        self.disk = disk
        self.clock = clock
        self.onFailure = onFailure
        self.onSent = onSent
        (wakeUps, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// The messages that have been delivered.
    var messages: Int { delivered.load(ordering: .relaxed) }

    /// Says that there may be something new in the outbox.
    package func wake() { waker.yield() }

    /// Relays in the background from now on.
    package func start() {
        let task = Task { try await run() }
        background.withLock { $0 = task }
    }

    /// Ends relaying, once what is left has been sent or nothing could be sent for as long as `patience`.
    ///
    /// - Returns: Whether nothing is left for the sink in the outbox.
    /// - Throws: What the outbox threw.
    package func finish(patience: Duration) async throws -> Bool {
        waker.finish()
        let running = background.withLock { $0 }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                // Not cancelled while it can go on: what it had handed to the sink would be sent again.
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

    /// Lets the sink go.
    package func close() async {
        waker.finish()
        background.withLock { $0 }?.cancel()
        await sink.close()
    }

    private func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [clock, waker] in
                while true {
                    try await clock.sleep(for: Self.retryInterval)
                    waker.yield()
                }
            }
            for await _ in wakeUps { _ = try await relayPending() }
            group.cancelAll()
        }
    }

    /// Sends what is in the outbox now.
    ///
    /// - Returns: Whether nothing is left.
    private func relayPending() async throws -> Bool {
        while true {
            let rows = try await disk.run { [outbox, node] _ in
                try outbox.pending(for: node, limit: Self.batchLimit)
            }
            if rows.isEmpty { return true }
            do {
                try await sink.send(
                    contentsOf: rows.map(\.message), onDelivered: { [self] in delivered.add(1, ordering: .relaxed) })
            } catch is CancellationError {
                // Given up by `finish`, whose caller says what is left, or closed.
                return false
            } catch {
                onFailure(node, "\(error)")
                return false
            }
            onSent(node)
            try await disk.run { [outbox] _ in try outbox.markSent(rows.map(\.sequence)) }
        }
    }
}
