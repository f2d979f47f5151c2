import Synchronization

/// Which upstreams of a fan-in have brought a barrier or ended.
struct AlignmentState {
    private var ended: Set<Int> = []
    private var arrived: [Int: (Barrier, CheckedContinuation<Void, any Error>)] = [:]
    private var failure: (any Error)?
    let upstreams: Int

    init(upstreams: Int) { self.upstreams = upstreams }

    enum Action {
        case wait
        case pass(Barrier, release: [CheckedContinuation<Void, any Error>])
        case refuse(any Error)
    }

    /// An upstream has brought a barrier and waits.
    mutating func arrive(_ upstream: Int, _ barrier: Barrier, _ continuation: CheckedContinuation<Void, any Error>)
        -> Action
    {
        if let failure { return .refuse(failure) }
        arrived[upstream] = (barrier, continuation)
        return passIfComplete() ?? .wait
    }

    /// An upstream has ended: it no longer holds barriers back.
    mutating func end(_ upstream: Int) -> (action: Action?, isLast: Bool) {
        ended.insert(upstream)
        return (passIfComplete(), ended.count == upstreams)
    }

    /// The fan-in is over: nobody may go on waiting.
    mutating func fail(_ error: any Error) -> [CheckedContinuation<Void, any Error>] {
        failure = error
        defer { arrived = [:] }
        return arrived.values.map(\.1)
    }

    private mutating func passIfComplete() -> Action? {
        guard !arrived.isEmpty, arrived.count + ended.subtracting(arrived.keys).count == upstreams else { return nil }
        let barriers = arrived.values.map(\.0)
        let continuations = arrived.values.map(\.1)
        arrived = [:]
        let epoch = barriers.map(\.epoch).max() ?? 0
        let isCaughtUp = barriers.allSatisfy(\.isCaughtUp)
        return .pass(Barrier(epoch: epoch, isCaughtUp: isCaughtUp), release: continuations)
    }
}

/// Several upstreams as one, with their barriers aligned: an upstream that has brought a barrier waits for the others.
public func merged<Batch: Weighed>(_ upstreams: [FlowSequence<Batch>], capacity: Int) -> FlowSequence<Batch> {
    if upstreams.count == 1, let only = upstreams.first { return only }
    return ProducedSequence<Flow<Batch>>(capacity: capacity, weigh: \.weight) { output in
        let alignment = Alignment<Batch>(upstreams: upstreams.count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, upstream) in upstreams.enumerated() {
                group.addTask {
                    do {
                        for try await flow in upstream {
                            switch flow {
                            case .batch: try await output.send(flow)
                            case .barrier(let barrier): try await alignment.arrive(index, barrier, output)
                            case .end: break
                            }
                        }
                        try await alignment.end(index, output)
                    } catch {
                        alignment.fail(error)
                        throw error
                    }
                }
            }
            // Waiting for all would not throw before the last of them has ended.
            while try await group.next() != nil {}
        }
    }
}

private final class Alignment<Batch: Weighed>: Sendable {
    private let state: Mutex<AlignmentState>

    init(upstreams: Int) { state = Mutex(AlignmentState(upstreams: upstreams)) }

    func arrive(_ upstream: Int, _ barrier: Barrier, _ output: BoundedChannel<Flow<Batch>>) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let action = state.withLock { $0.arrive(upstream, barrier, continuation) }
            perform(action, output, refused: continuation)
        }
    }

    func end(_ upstream: Int, _ output: BoundedChannel<Flow<Batch>>) async throws {
        let (action, isLast) = state.withLock { $0.end(upstream) }
        if let action { perform(action, output, refused: nil) }
        if isLast { try await output.send(.end) }
    }

    func fail(_ error: any Error) {
        for waiting in state.withLock({ $0.fail(error) }) { waiting.resume(throwing: error) }
    }

    private func perform(
        _ action: AlignmentState.Action, _ output: BoundedChannel<Flow<Batch>>,
        refused: CheckedContinuation<Void, any Error>?
    ) {
        switch action {
        case .wait: break
        case .refuse(let error): refused?.resume(throwing: error)
        case .pass(let barrier, let release):
            Task {
                do {
                    try await output.send(.barrier(barrier))
                    for continuation in release { continuation.resume() }
                } catch {
                    for continuation in release { continuation.resume(throwing: error) }
                }
            }
        }
    }
}

extension Flow {
    /// The weight of a flow element: its batch's, or next to nothing.
    public var weight: Int {
        switch self {
        case .batch(let batch): batch.byteCount
        case .barrier, .end: 0
        }
    }
}

/// Runs a stage's results into its consumers' channels, barriers to each, timing what it waits for.
///
/// A channel whose receiver has gone fails the whole: a topology does not go on with a part missing.
public func pump<Batch: Weighed>(
    _ results: FlowSequence<Batch>, into channels: [BoundedChannel<Flow<Batch>>], timers: StageTimers
) async throws {
    do {
        for try await flow in results {
            if case .batch(let batch) = flow { timers.count(byteCount: batch.byteCount) }
            let start = ContinuousClock.now
            for channel in channels { try await channel.send(flow) }
            timers.add(ContinuousClock.now - start, to: .blocked)
        }
        for channel in channels { channel.finish() }
    } catch {
        for channel in channels { channel.finish(throwing: error) }
        throw error
    }
}
