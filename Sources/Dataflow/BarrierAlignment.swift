/// Tracks the connections of a port that have brought a barrier or ended, without locks or tasks.
///
/// A connection that has brought a barrier may not send further batches before all others have brought theirs, so that no batch
/// overtakes a cut. Bringing a barrier itself never waits: a node that feeds another both directly and by way of a third can go
/// on to bring the barrier to that third.
struct BarrierAlignment {
    typealias Waiter = CheckedContinuation<Void, any Error>

    /// The action the caller has to take.
    enum Action {
        /// Nothing, until others have brought the barrier.
        case hold
        /// Put the barrier into the queue, then call `passed`.
        case pass(Barrier)
        /// End the queue: nothing more comes.
        case finish
    }

    private var connections = 0
    private var ended: Set<Int> = []
    private var arrived: [Int: Barrier] = [:]
    /// Whether a barrier is being put into the queue.
    private var isPassing = false
    private var waiters: [Waiter] = []
    private var failure: (any Error)?

    /// Adds a connection; its number.
    mutating func connect() -> Int {
        defer { connections += 1 }
        return connections
    }

    /// Whether a connection may send now.
    func mayPass(_ connection: Int) -> Bool { arrived[connection] == nil && failure == nil }

    /// Lets a sender wait until its connection may send; returns the outcome to resume it with if it need not wait.
    mutating func wait(_ connection: Int, _ waiter: Waiter) -> Result<Void, any Error>? {
        if let failure { return .failure(failure) }
        guard arrived[connection] != nil else { return .success(()) }
        waiters.append(waiter)
        return nil
    }

    /// A connection has brought a barrier.
    mutating func arrive(_ connection: Int, _ barrier: Barrier) -> Action {
        arrived[connection] = barrier
        return next()
    }

    /// A connection has ended: it no longer holds barriers back.
    mutating func end(_ connection: Int) -> Action {
        ended.insert(connection)
        return next()
    }

    /// The barrier is in the queue: the senders to resume, and the next action.
    mutating func passed() -> (waiters: [Waiter], action: Action) {
        arrived = [:]
        isPassing = false
        defer { waiters = [] }
        return (waiters, next())
    }

    /// The port is over: the senders to resume with the error.
    mutating func fail(_ error: any Error) -> [Waiter] {
        failure = failure ?? error
        defer { waiters = [] }
        return waiters
    }

    private mutating func next() -> Action {
        guard failure == nil, !isPassing else { return .hold }
        if arrived.isEmpty { return ended.count == connections ? .finish : .hold }
        guard ended.union(arrived.keys).count == connections else { return .hold }
        isPassing = true
        return .pass(
            Barrier(
                epoch: arrived.values.map(\.epoch).max() ?? 0,
                isCaughtUp: arrived.values.allSatisfy(\.isCaughtUp)))
    }
}
