import Synchronization

/// The time a stage spends on each activity, and the amount that passed through it.
public final class StageTimers: Sendable {
    /// The figures of a stage at one moment.
    public struct Reading: Sendable, Hashable {
        /// Time spent working, summed over its workers.
        public var busy: Duration = .zero
        /// Time spent waiting for input.
        public var starved: Duration = .zero
        /// Time spent waiting for readers to make room.
        public var blocked: Duration = .zero
        /// Batches passed on.
        public var batches = 0
        /// Bytes passed on.
        public var bytes = 0
    }

    /// The activity that a timer counts.
    public enum State: Sendable {
        /// Working.
        case busy
        /// Waiting for input.
        case starved
        /// Waiting for readers to make room.
        case blocked
    }

    /// The id of the node.
    public let node: String
    private let figures = Mutex(Reading())

    /// Makes timers at zero.
    public init(node: String) { self.node = node }

    /// Adds a span to one of the timers.
    public func add(_ duration: Duration, to state: State) {
        figures.withLock { figures in
            switch state {
            case .busy: figures.busy += duration
            case .starved: figures.starved += duration
            case .blocked: figures.blocked += duration
            }
        }
    }

    /// Does work and adds the time it takes to the busy timer.
    public func busy<Output>(_ work: () throws -> Output) rethrows -> Output {
        let start = ContinuousClock.now
        defer { add(ContinuousClock.now - start, to: .busy) }
        return try work()
    }

    /// Does work that waits, such as asking a model, and adds the time it takes to the busy timer.
    package func busy<Output: Sendable>(_ work: () async throws -> Output) async throws -> Output {
        let start = ContinuousClock.now
        defer { add(ContinuousClock.now - start, to: .busy) }
        return try await work()
    }

    /// Counts a batch that has been passed on.
    public func count(byteCount: Int) {
        figures.withLock { figures in
            figures.batches += 1
            figures.bytes += byteCount
        }
    }

    /// The figures now.
    public var reading: Reading { figures.withLock { $0 } }
}
