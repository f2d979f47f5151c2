import Synchronization

/// The receiving end of a node: one queue, bounded in bytes, that all inputs send into, with barriers aligned.
///
/// The time that the node waits for something to come counts as starved.
public final class InputPort<Batch: Weighed>: Sendable {
    private let channel: BoundedChannel<Flow<Batch>>
    private let alignment = Mutex(BarrierAlignment())
    private let timers: StageTimers

    /// Makes a port that nothing is connected to.
    ///
    /// - Parameters:
    ///   - capacity: The most bytes that wait in it; a larger batch passes alone.
    ///   - keepsLatestOnly: Whether a new batch replaces those that wait, so that senders never wait.
    ///   - timers: Those of the node that receives.
    public init(capacity: Int, keepsLatestOnly: Bool = false, timers: StageTimers) {
        self.timers = timers
        let bound = keepsLatestOnly ? nil : capacity
        channel =
            if keepsLatestOnly {
                BoundedChannel(
                    capacity: .max,
                    supersedes: { new, _ in
                        if case .batch = new { true } else { false }
                    }, weigh: \.weight)
            } else {
                BoundedChannel(capacity: capacity, weigh: \.weight)
            }
        timers.watch { [channel] in
            let waiting = channel.waiting
            return QueueReading(waiting: waiting.count, bytes: waiting.weight, capacity: bound)
        }
    }

    /// The bytes that wait in it.
    public var depth: Int { channel.depth }

    /// A connection for one sender.
    ///
    /// All are made before anything is sent.
    public func connect() -> Connection<Batch> { connect { $0 } }

    /// A connection for a sender of batches of another type; each is converted to one of this port.
    public func connect<Other: Weighed>(as wrap: @escaping @Sendable (Other) -> Batch) -> Connection<Other> {
        let number = alignment.withLock { $0.connect() }
        return Connection(
            send: { [self] flow in
                if !alignment.withLock({ $0.mayPass(number) }) { try await waitForOthers(number) }
                switch flow {
                case .batch(let batch): try await channel.send(.batch(wrap(batch)))
                case .barrier(let barrier): try await perform(alignment.withLock { $0.arrive(number, barrier) })
                }
            },
            finish: { [self] error in
                guard let error else { return try await perform(alignment.withLock { $0.end(number) }) }
                channel.finish(throwing: error)
                fail(error)
            })
    }

    /// The next batch or barrier if one is there; `nil` if none is, or none will be.
    func nextAtHand() -> Flow<Batch>? {
        let next = channel.nextAtHand()
        if case .batch(let batch) = next { timers.receive(elements: batch.elementCount) }
        return next
    }

    private func waitForOthers(_ number: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                if let result = alignment.withLock({ $0.wait(number, waiter) }) { waiter.resume(with: result) }
            }
        } onCancel: {
            fail(CancellationError())
        }
    }

    private func perform(_ action: BarrierAlignment.Action) async throws {
        switch action {
        case .hold: return
        case .finish: channel.finish()
        case .pass(let barrier):
            do {
                try await channel.send(.barrier(barrier))
            } catch {
                fail(error)
                throw error
            }
            let (waiters, next) = alignment.withLock { $0.passed() }
            for waiter in waiters { waiter.resume() }
            try await perform(next)
        }
    }

    /// Gives up receiving: senders get a cancellation.
    public func abandon() {
        channel.abandon()
        fail(CancellationError())
    }

    private func fail(_ error: any Error) {
        for waiter in alignment.withLock({ $0.fail(error) }) { waiter.resume(throwing: error) }
    }
}

extension InputPort: AsyncSequence {
    /// Iterates over the batches and barriers received; there must be only one iterator.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let port: InputPort<Batch>

        /// The next batch or barrier; `nil` after every input has ended.
        ///
        /// - Throws: The error that a sender has ended with, `CancellationError` if the task is cancelled.
        public mutating func next() async throws -> Flow<Batch>? {
            port.timers.begin(.starved)
            defer { port.timers.end(.starved) }
            let next = try await port.channel.next()
            if case .batch(let batch) = next { port.timers.receive(elements: batch.elementCount) }
            // The channel ends for a cancelled receiver too, and that is not the end of the input.
            if next == nil { try Task.checkCancellation() }
            return next
        }
    }

    /// The iterator over the batches and barriers received.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(port: self) }
}
