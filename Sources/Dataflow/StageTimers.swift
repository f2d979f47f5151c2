import Synchronization

/// The time a stage spends on each activity, the amount that passed through it, and what waits before it.
public final class StageTimers: Sendable {
    /// The figures of a stage at one moment; what goes on at that moment counts up to it.
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
        /// Time in which at least one worker was at work.
        public var working: Duration = .zero
        /// Time in which it worked, or waited for its readers, or both.
        public var engaged: Duration = .zero
        /// Elements taken in.
        public var received = 0
        /// Elements passed on.
        public var sent = 0

        /// Makes figures at zero.
        public init() {}
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
    private let elapsed: @Sendable () -> Duration
    private let figures = Mutex((counts: Reading(), times: ActivityTimes()))
    private let waiting = Mutex<(@Sendable () -> QueueReading)?>(nil)

    /// Makes timers at zero.
    public convenience init(node: String) { self.init(node: node, clock: ContinuousClock()) }

    /// Makes timers at zero that go by a clock.
    package init(node: String, clock: any Clock<Duration>) {
        self.node = node
        elapsed = clock.stopwatch()
    }

    /// An activity begins.
    func begin(_ state: State) {
        let time = elapsed()
        figures.withLock { $0.times.begin(state, at: time) }
    }

    /// An activity ends.
    func end(_ state: State) {
        let time = elapsed()
        figures.withLock { $0.times.end(state, at: time) }
    }

    /// Adds a span to one of the timers.
    public func add(_ duration: Duration, to state: State) {
        figures.withLock { $0.times.add(duration, to: state) }
    }

    /// Does work and adds the time it takes to the busy timer.
    public func busy<Output>(_ work: () throws -> Output) rethrows -> Output {
        begin(.busy)
        defer { end(.busy) }
        return try work()
    }

    /// Does work that waits, such as asking a model, and adds the time it takes to the busy timer.
    package func busy<Output: Sendable>(_ work: () async throws -> Output) async throws -> Output {
        begin(.busy)
        defer { end(.busy) }
        return try await work()
    }

    /// Waits for input and adds the time it takes to the timer of that.
    package func starved<Output: Sendable>(_ wait: () async throws -> Output) async throws -> Output {
        begin(.starved)
        defer { end(.starved) }
        return try await wait()
    }

    /// Counts a batch that has been passed on.
    public func count(byteCount: Int, elements: Int = 0) {
        figures.withLock { figures in
            figures.counts.batches += 1
            figures.counts.bytes += byteCount
            figures.counts.sent += elements
        }
    }

    /// Counts elements that have been taken in.
    package func receive(elements: Int) { figures.withLock { $0.counts.received += elements } }

    /// Tells what waits before the stage whenever it is asked.
    func watch(queue: @escaping @Sendable () -> QueueReading) { waiting.withLock { $0 = queue } }

    /// The figures now.
    public var reading: Reading {
        let time = elapsed()
        return figures.withLock { figures in
            var reading = figures.counts
            figures.times.fill(&reading, at: time)
            return reading
        }
    }

    /// What waits before the stage now; `nil` of one that nothing sends to.
    package var queue: QueueReading? { waiting.withLock { $0 }?() }
}

/// What waits before a stage.
public struct QueueReading: Sendable, Hashable {
    /// The batches and barriers that wait.
    public var waiting: Int
    /// Their bytes.
    public var bytes: Int
    /// The most bytes that wait; `nil` if a new batch replaces those that wait, so that there is no bound to reach.
    public var capacity: Int?
}
