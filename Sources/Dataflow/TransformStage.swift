/// A stage that turns each batch into one result, several at a time on a compute pool, in order.
///
/// A barrier leaves after the results of all batches before it, because results leave in the order of their batches.
/// With a grouping, work is begun when there is a place for it, on what has come by then; a batch that is to be alone is
/// begun once all others are done, and none with it.
public struct TransformStage<Input: Weighed, Output: Weighed, Worker>: Stage {
    private let pool: ComputePool<Worker>
    private let width: Int
    private let timers: StageTimers
    private let grouping: (any Regrouping<Input>)?
    private let isAlone: @Sendable (Input) -> Bool
    private let transform: @Sendable (Worker, Input, Bool) throws -> Output?

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
        isAlone = { _ in false }
        self.transform = { worker, batch, _ in try transform(worker, batch) }
    }

    /// Makes a stage some of whose batches are worked on with nothing beside them.
    ///
    /// - Parameters:
    ///   - pool: The pool that the work runs on.
    ///   - width: The number of batches worked on at the same time.
    ///   - timers: The node's timers.
    ///   - grouping: Makes batches of the size that is worked on together.
    ///   - isAlone: Whether a batch is to be alone; asked once for each.
    ///   - transform: The work on a batch, and whether it is alone; `nil` drops the batch.
    public init(
        pool: ComputePool<Worker>, width: Int, timers: StageTimers, grouping: any Regrouping<Input>,
        isAlone: @escaping @Sendable (Input) -> Bool,
        transform: @escaping @Sendable (Worker, Input, _ isAlone: Bool) throws -> Output?
    ) {
        self.pool = pool
        self.width = max(1, width)
        self.timers = timers
        self.grouping = grouping
        self.isAlone = isAlone
        self.transform = transform
    }

    private enum Pending: Sendable {
        /// A batch's work, which has been given so many shares of the places.
        case work(Task<Output?, any Error>, shares: Int)
        case barrier(Barrier)
    }

    /// Sends the results of the batches, in order, with barriers at their places.
    public func run(from input: InputPort<Input>, into output: OutputPort<Output>) async throws {
        // Work under way, not a queue between stages; besides the results that wait here, one is being awaited.
        let pending = BoundedChannel<Pending>(capacity: width - 1, weigh: { _ in 1 })
        // One more than there are workers, so that none waits for what comes after its work.
        let places = BoundedChannel<Int>(capacity: width + 1, weigh: { $0 })
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
                    try await deliver(pending, output) { shares in
                        guard grouping != nil else { return }
                        for _ in 0..<shares { _ = try await places.next() }
                    }
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
            case .batch(let batch): try await begin(batch, pending, isAlone: false)
            case .barrier(let barrier): try await pending.send(.barrier(barrier))
            }
        }
    }

    private func begin(
        _ input: InputPort<Input>, by grouping: any Regrouping<Input>, in places: BoundedChannel<Int>,
        _ pending: BoundedChannel<Pending>
    ) async throws {
        var grouping = grouping
        var flows = input.makeAsyncIterator()
        var barrier: Barrier?
        var isAtEnd = false
        while true {
            try await places.send(1)
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
                let isAlone = isAlone(batch)
                // All other places: there is room for them once nothing is under way.
                if isAlone { try await places.send(width) }
                try await begin(batch, pending, isAlone: isAlone)
            } else if let passing = barrier {
                barrier = nil
                try await pending.send(.barrier(passing))
            } else {
                return
            }
        }
    }

    private func begin(_ batch: Input, _ pending: BoundedChannel<Pending>, isAlone: Bool) async throws {
        let work = Task { [pool, timers, transform] in
            try await pool.run { worker in try timers.busy { try transform(worker, batch, isAlone) } }
        }
        do {
            try await pending.send(.work(work, shares: isAlone ? 2 : 1))
        } catch {
            work.cancel()
            throw error
        }
    }

    private func deliver(
        _ pending: BoundedChannel<Pending>, _ output: OutputPort<Output>, _ done: (_ shares: Int) async throws -> Void
    ) async throws {
        for try await element in pending {
            switch element {
            case .work(let task, let shares):
                let result = try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
                if let result { try await output.send(.batch(result)) }
                try await done(shares)
            case .barrier(let barrier):
                try await output.send(.barrier(barrier))
                try await done(1)
            }
        }
    }
}
