/// A stage that turns each batch into one result, several at a time on a compute pool, in order.
///
/// A barrier leaves after the results of all batches before it, because results leave in the order of their batches.
/// With a grouping, work is begun when there is a place for it, on what has come by then.
public struct TransformStage<Input: Weighed, Output: Weighed, Worker>: Stage {
    private let pool: ComputePool<Worker>
    private let width: Int
    private let timers: StageTimers
    private let grouping: (any Regrouping<Input>)?
    private let transform: @Sendable (Worker, Input) throws -> Output?

    /// Makes a stage.
    ///
    /// - Parameters:
    ///   - pool: The pool that the work runs on.
    ///   - width: The number of batches worked on at the same time.
    ///   - timers: The node's timers.
    ///   - grouping: Makes batches of the size that is worked on together; by default they stay as they are.
    ///   - transform: The work; `nil` drops the batch.
    public init(
        pool: ComputePool<Worker>, width: Int, timers: StageTimers,
        grouping: (any Regrouping<Input>)? = nil,
        transform: @escaping @Sendable (Worker, Input) throws -> Output?
    ) {
        self.pool = pool
        self.width = max(1, width)
        self.timers = timers
        self.grouping = grouping
        self.transform = transform
    }

    private enum Pending: Sendable {
        case work(Task<Output?, any Error>)
        case barrier(Barrier)
    }

    /// Sends the results of the batches, in order, with barriers at their places.
    public func run(from input: InputPort<Input>, into output: OutputPort<Output>) async throws {
        // Work under way, not a queue between stages; besides the results that wait here, one is being awaited.
        let pending = BoundedChannel<Pending>(capacity: width - 1, weigh: { _ in 1 })
        // One more than there are workers, so that none waits for what comes after its work.
        let places = BoundedChannel<Void>(capacity: width + 1, weigh: { _ in 1 })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    if let grouping {
                        try await begin(input, by: grouping, in: places, pending)
                    } else {
                        try await begin(input, pending)
                    }
                    pending.finish()
                } catch {
                    pending.finish(throwing: error)
                    throw error
                }
            }
            group.addTask {
                do {
                    try await deliver(pending, output) { if grouping != nil { _ = try await places.next() } }
                } catch {
                    places.abandon()
                    pending.abandon()
                    throw error
                }
            }
            while try await group.next() != nil {}
        }
    }

    private func begin(_ input: InputPort<Input>, _ pending: BoundedChannel<Pending>) async throws {
        for try await flow in input {
            switch flow {
            case .batch(let batch): try await begin(batch, pending)
            case .barrier(let barrier): try await pending.send(.barrier(barrier))
            }
        }
    }

    private func begin(
        _ input: InputPort<Input>, by grouping: any Regrouping<Input>, in places: BoundedChannel<Void>,
        _ pending: BoundedChannel<Pending>
    ) async throws {
        var grouping = grouping
        var flows = input.makeAsyncIterator()
        var barrier: Barrier?
        var isAtEnd = false
        while true {
            try await places.send(())
            while barrier == nil, !isAtEnd, !grouping.isFull {
                let flow: Flow<Input>
                if grouping.isEmpty {
                    guard let next = try await flows.next() else {
                        isAtEnd = true
                        break
                    }
                    flow = next
                } else {
                    guard let next = input.nextAtHand() else { break }
                    flow = next
                }
                switch flow {
                case .batch(let batch): grouping.gather(batch)
                case .barrier(let next): barrier = next
                }
            }
            if let batch = grouping.take() {
                try await begin(batch, pending)
            } else if let passing = barrier {
                barrier = nil
                try await pending.send(.barrier(passing))
            } else {
                return
            }
        }
    }

    private func begin(_ batch: Input, _ pending: BoundedChannel<Pending>) async throws {
        let work = Task { [pool, timers, transform] in
            try await pool.run { worker in try timers.busy { try transform(worker, batch) } }
        }
        do {
            try await pending.send(.work(work))
        } catch {
            work.cancel()
            throw error
        }
    }

    private func deliver(
        _ pending: BoundedChannel<Pending>, _ output: OutputPort<Output>, _ done: () async throws -> Void
    ) async throws {
        for try await element in pending {
            switch element {
            case .work(let task):
                let result = try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
                if let result { try await output.send(.batch(result)) }
            case .barrier(let barrier): try await output.send(.barrier(barrier))
            }
            try await done()
        }
    }
}
