internal import CRdKafka
internal import Synchronization

/// The state shared by the poll thread, the reader and the callers of a consumer.
final class ConsumerCore: Sendable {
    typealias Reader = CheckedContinuation<KafkaBatch?, any Error>

    private struct State {
        var buffer: ConsumerBuffer
        var reader: Reader?
        var commits: [TopicPartition: Int64] = [:]
        var handle: ClientHandle?
        var closingTime: Duration?
    }

    private enum ReaderStep {
        case resume(Result<KafkaBatch?, any Error>, wakesPoller: Bool)
        case wait
    }

    let limits: ConsumerLimits
    let context: ClientContext
    let destroyed: Completion
    /// Whether a group deals out its partitions.
    private let isMember: Bool
    private let state: Mutex<State>

    init(handle: ClientHandle, limits: ConsumerLimits, isMember: Bool) {
        self.limits = limits
        self.isMember = isMember
        context = handle.context
        destroyed = handle.destroyed
        state = Mutex(State(buffer: ConsumerBuffer(limits: limits), handle: handle))
    }

    /// The client, to be held for the length of a call; `nil` once closing.
    var handle: ClientHandle? { state.withLock { $0.handle } }

    var positions: [TopicPartition: Int64] { state.withLock { $0.buffer.positions } }

    var bufferedBytes: Int { state.withLock { $0.buffer.byteCount } }

    // MARK: For callers

    func assign(_ offsets: [TopicPartition: Int64]) throws(KafkaError) {
        let (error, handle) = state.withLock { ($0.buffer.assign(offsets), $0.handle) }
        if let error { throw error }
        handle?.wake()
    }

    func commit(_ offsets: [TopicPartition: Int64]) {
        let handle = state.withLock { state in
            state.commits.merge(offsets) { $1 }
            return state.handle
        }
        handle?.wake()
    }

    func join(_ topics: [String]) {
        let handle = state.withLock { state in
            state.buffer.join(topics)
            return state.handle
        }
        handle?.wake()
    }

    func answer(_ assignment: GroupAssignment, from offsets: [TopicPartition: Int64]) -> Bool {
        let (isTaken, handle) = state.withLock { ($0.buffer.answer(assignment, from: offsets), $0.handle) }
        if isTaken { handle?.wake() }
        return isTaken
    }

    /// Whether partitions are being dealt out, or nobody has said yet from where they are read.
    var isBeingDealt: Bool { state.withLock { $0.buffer.dealing.isUnderWay } }

    /// Ends the sequence; the poll thread goes on.
    func finish() {
        let reader = state.withLock { state in
            state.buffer.finish()
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// Ends the sequence and the poll thread.
    func close(within limit: Duration) {
        let handle = state.withLock { state in
            state.closingTime = state.closingTime ?? limit
            return state.handle
        }
        finish()
        handle?.wake()
    }

    // MARK: For the reader

    func next() async throws -> KafkaBatch? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (step, handle) = state.withLock { state in
                    (Self.register(continuation, in: &state), state.handle)
                }
                if case .resume(let result, let wakesPoller) = step {
                    if wakesPoller { handle?.wake() }
                    continuation.resume(with: result)
                }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(throwing: CancellationError())
        }
    }

    private static func register(_ reader: Reader, in state: inout State) -> ReaderStep {
        if Task.isCancelled { return .resume(.failure(CancellationError()), wakesPoller: false) }
        if state.reader != nil {
            let error = KafkaError.invalid("two tasks read the batches of one consumer; read them from one")
            return .resume(.failure(error), wakesPoller: false)
        }
        let step = step(&state.buffer)
        if case .wait = step { state.reader = reader }
        return step
    }

    private static func step(_ buffer: inout ConsumerBuffer) -> ReaderStep {
        switch buffer.take() {
        case .batch(let batch, let wakesPoller): .resume(.success(batch), wakesPoller: wakesPoller)
        case .finished: .resume(.success(nil), wakesPoller: false)
        case .failed(let error): .resume(.failure(error), wakesPoller: false)
        case .nothing: .wait
        }
    }

    // MARK: For the poll thread

    /// The tasks before the next poll; `nil` when the thread is to end.
    func nextWork() -> ConsumerBuffer.Work? {
        state.withLock { $0.closingTime == nil ? $0.buffer.nextWork() : nil }
    }

    /// The offsets to label with, once the former commit has been answered.
    ///
    /// A member keeps them while its group deals out partitions: some versions of librdkafka never come to an end with that if
    /// they commit meanwhile. Of what others have got nothing is committed after it.
    func nextCommits() -> [TopicPartition: Int64] {
        guard context.commitsOutstanding == 0 else { return [:] }
        return state.withLock { state in
            guard !isMember || !state.buffer.dealing.isUnderWay else { return [:] }
            defer { state.commits = [:] }
            return isMember ? state.commits.filter { state.buffer.positions[$0.key] != nil } : state.commits
        }
    }

    func accept(_ arrived: [ConsumerBuffer.Arrival], generation: Int) {
        deliver { $0.accept(arrived, generation: generation) }
    }

    /// Whether the group has yet to say what it leaves to this member, and brokers answer.
    var waitsForGroup: Bool { !context.isOut && state.withLock { $0.buffer.waitsForGroup } }

    /// What the group says of partitions; `false` if nobody is left who says from where they are read.
    func rebalanced(_ change: GroupChange) -> Bool {
        switch change {
        case .withdrawn:
            state.withLock { $0.buffer.withdraw() }
            return false
        case .dealt(let partitions):
            var isTaken = false
            deliver { isTaken = $0.deal(partitions) }
            return isTaken
        }
    }

    func fail(_ error: KafkaError) { deliver { $0.fail(error) } }

    /// The next offset wanted of a partition; errors about the partition carry it.
    func fence(of partition: TopicPartition) -> Int64? { state.withLock { $0.buffer.fences[partition] } }

    /// The longest time the poll thread may take to end.
    var closingTime: Duration { state.withLock { $0.closingTime ?? .zero } }

    /// Lets go of the client; it is destroyed when no call holds it any more.
    func release() { state.withLock { $0.handle = nil } }

    private func deliver(_ change: (inout ConsumerBuffer) -> Void) {
        let (reader, step) = state.withLock { state in
            change(&state.buffer)
            guard let reader = state.reader else { return (Reader?.none, ReaderStep.wait) }
            let step = Self.step(&state.buffer)
            if case .wait = step { return (nil, step) }
            state.reader = nil
            return (reader, step)
        }
        if case .resume(let result, _) = step { reader?.resume(with: result) }
    }
}
