package import Dataflow
package import Elements
package import Store
import Synchronization

/// Asks the sources for barriers, gathers what belongs to an epoch, and writes it in one transaction.
package final class CheckpointCoordinator: Sendable {
    private struct Guarded {
        var state: CheckpointState
        var waiters: [CheckedContinuation<Void, any Error>] = []
        var failure: (any Error)?
        var deadLetterTargets: [String: [OutboxTarget]]
    }

    private let guarded: Mutex<Guarded>
    private let requests: [String: BoundedChannel<UInt64>]
    private let nudges = BoundedChannel<Void>(capacity: 1, supersedes: { _, _ in true }, weigh: { _ in 1 })
    private let disk: ComputePool<Void>
    private let keeper: any StateKeeper
    private let elapsed: @Sendable () -> Duration
    private let afterCommit: @Sendable (CheckpointState.Complete, _ delay: Duration) -> Void

    /// - Parameters:
    ///   - elapsed: The time, from any beginning.
    ///   - afterCommit: Told of each epoch once it is on disk, and how long after it was asked for.
    package init(
        sources: Set<String>, terminals: Set<String>, lastEpoch: UInt64, store: any StateKeeper,
        disk: ComputePool<Void>,
        deadLetterTargets: [String: [OutboxTarget]],
        elapsed: @escaping @Sendable () -> Duration = ContinuousClock().stopwatch(),
        afterCommit: @escaping @Sendable (CheckpointState.Complete, _ delay: Duration) -> Void
    ) {
        guarded = Mutex(
            Guarded(
                state: CheckpointState(sources: sources, terminals: terminals, lastEpoch: lastEpoch),
                deadLetterTargets: deadLetterTargets))
        requests = Dictionary(
            uniqueKeysWithValues: sources.map { ($0, BoundedChannel<UInt64>(capacity: 16, weigh: { _ in 1 })) })
        keeper = store
        self.disk = disk
        self.elapsed = elapsed
        self.afterCommit = afterCommit
    }

    /// The epochs for which a source has to put a barrier into its stream.
    package func barrierRequests(for source: String) -> BoundedChannel<UInt64>? { requests[source] }

    /// Sends what is refused from now on to these sinks, by the node that refuses it.
    package func send(deadLettersTo targets: [String: [OutboxTarget]]) {
        guarded.withLock { $0.deadLetterTargets = targets }
    }

    /// The epoch of the next barrier that a terminal receives which is not waiting for `submit`.
    package var coming: UInt64 { guarded.withLock { $0.state.coming } }

    /// Asks for a barrier now instead of at the next tick.
    package func requestBarrier() async {
        try? await nudges.send(())
    }

    /// Starts an epoch at every tick and whenever one is asked for, until every source has ended.
    package func run(interval: Duration, clock: some Clock<Duration>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [nudges] in
                while !Task.isCancelled {
                    try await clock.sleep(for: interval)
                    try await nudges.send(())
                }
            }
            for try await _ in nudges {
                if guarded.withLock({ $0.state.isOver }) { break }
                try await startEpoch()
            }
            group.cancelAll()
        }
    }

    private func startEpoch() async throws {
        guard let (epoch, sources) = guarded.withLock({ $0.state.start(at: elapsed()) }) else { return }
        for source in sources {
            do {
                try await requests[source]?.send(epoch)
            } catch {
                // A source that has ended meanwhile needs no barrier.
                if guarded.withLock({ $0.state.isLive(source) }) { throw error }
            }
        }
    }

    /// A source has put a barrier into its stream, at these fences.
    package func report(source: String, epoch: UInt64, fences: [Fence]) async throws {
        guarded.withLock { $0.state.report(source: source, epoch: epoch, fences: fences) }
        try await commitIfComplete()
    }

    /// A source has ended, after its last barrier.
    package func end(source: String) async throws {
        guarded.withLock { $0.state.end(source: source) }
        requests[source]?.finish()
        try await commitIfComplete()
        await requestBarrier()
    }

    /// Records refused by a source or a stage; they are written with the next checkpoint.
    package func add(_ letters: [DeadLetter]) {
        guard !letters.isEmpty else { return }
        guarded.withLock { $0.state.add(letters) }
    }

    /// Hands in what a terminal has to keep for the barrier's epoch and returns when the epoch is on disk.
    ///
    /// - Parameter kept: Its own segment, and what it keeps besides under names of their own.
    /// - Throws: What the store threw: nothing goes on after a checkpoint that failed.
    package func submit(terminal: String, keeping kept: [CheckpointCommit.Segment] = []) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // One section: an epoch that became whole in between would leave this waiter waiting for ever.
            let failure = guarded.withLock { guarded -> (any Error)? in
                guard guarded.failure == nil else { return guarded.failure }
                guarded.state.submit(terminal: terminal, keeping: kept)
                guarded.waiters.append(continuation)
                return nil
            }
            if let failure {
                continuation.resume(throwing: failure)
            } else {
                Task { try await self.commitIfComplete() }
            }
        }
    }

    /// Something else has failed: no epoch will be whole any more, and nobody may go on waiting for one.
    package func fail(_ error: any Error) {
        let waiters = guarded.withLock { guarded in
            guarded.failure = guarded.failure ?? error
            defer { guarded.waiters = [] }
            return guarded.waiters
        }
        for waiter in waiters { waiter.resume(throwing: error) }
    }

    private func commitIfComplete() async throws {
        let (whole, deadLetterTargets) = guarded.withLock { ($0.state.takeIfComplete(), $0.deadLetterTargets) }
        guard let complete = whole else { return }
        let result: Result<Void, any Error>
        do {
            try await disk.run { [keeper] _ in
                try keeper.keep(
                    CheckpointCommit(
                        epoch: complete.epoch,
                        segments: complete.segments,
                        fences: complete.fences, deadLetters: complete.deadLetters,
                        deadLetterTargets: deadLetterTargets))
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        let (waiters, isAnotherWanted) = guarded.withLock { guarded in
            var isAnotherWanted = false
            switch result {
            case .failure(let error): guarded.failure = error
            case .success: isAnotherWanted = guarded.state.finish()
            }
            defer { guarded.waiters = [] }
            return (guarded.waiters, isAnotherWanted)
        }
        if case .success = result { afterCommit(complete, elapsed() - complete.asked) }
        for waiter in waiters { waiter.resume(with: result) }
        try result.get()
        if isAnotherWanted { await requestBarrier() }
    }
}
