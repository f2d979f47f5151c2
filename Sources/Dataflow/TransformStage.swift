/// A stage that turns each batch into one result, several at a time on a compute pool, in order.
///
/// A barrier leaves after the results of all batches before it, because results leave in the order of their batches.
public struct TransformStage<Input: Weighed, Output: Weighed, Worker>: Stage {
    private let pool: ComputePool<Worker>
    private let width: Int
    private let timers: StageTimers
    private let transform: @Sendable (Worker, Input) throws -> Output?

    /// Makes a stage.
    ///
    /// - Parameters:
    ///   - pool: Where the work runs.
    ///   - width: How many batches are worked on at the same time.
    ///   - timers: The node's timers.
    ///   - transform: The work; `nil` drops the batch.
    public init(
        pool: ComputePool<Worker>, width: Int, timers: StageTimers,
        transform: @escaping @Sendable (Worker, Input) throws -> Output?
    ) {
        self.pool = pool
        self.width = max(1, width)
        self.timers = timers
        self.transform = transform
    }

    private enum Pending: Sendable {
        case work(Task<Output?, any Error>)
        case barrier(Barrier)
        case end
    }

    /// The results of the batches, in order, with barriers where they stood.
    public func results(of upstream: any AsyncSequence<Flow<Input>, any Error> & Sendable)
        -> any AsyncSequence<Flow<Output>, any Error> & Sendable
    {
        let (pool, timers, transform) = (pool, timers, transform)
        let pending = ProducedSequence<Pending>(capacity: width - 1, weigh: { _ in 1 }) { channel in
            for try await flow in upstream {
                switch flow {
                case .batch(let batch):
                    let work = Task {
                        try await pool.run { worker in
                            let start = ContinuousClock.now
                            defer { timers.add(ContinuousClock.now - start, to: .busy) }
                            return try transform(worker, batch)
                        }
                    }
                    do {
                        try await channel.send(.work(work))
                    } catch {
                        work.cancel()
                        throw error
                    }
                case .barrier(let barrier): try await channel.send(.barrier(barrier))
                case .end: try await channel.send(.end)
                }
            }
        }
        return FlattenedSequence(pending: pending)
    }

    private struct FlattenedSequence: AsyncSequence, Sendable {
        typealias Element = Flow<Output>
        let pending: ProducedSequence<Pending>

        struct AsyncIterator: AsyncIteratorProtocol {
            let upstream: ProducedSequence<Pending>.AsyncIterator

            mutating func next() async throws -> Flow<Output>? {
                while let pending = try await upstream.next() {
                    switch pending {
                    case .work(let task):
                        let result = try await withTaskCancellationHandler {
                            try await task.value
                        } onCancel: {
                            task.cancel()
                        }
                        if let result { return .batch(result) }
                    case .barrier(let barrier): return .barrier(barrier)
                    case .end: return .end
                    }
                }
                return nil
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(upstream: pending.makeAsyncIterator()) }
    }
}
