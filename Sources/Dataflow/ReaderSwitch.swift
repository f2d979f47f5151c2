import Synchronization

/// An edge whose readers can be changed while its sender goes on, for batches each of which stands for all before it.
///
/// New readers get the latest batch at once. Barriers end here: whoever reads behind it takes no part in checkpoints.
public final class ReaderSwitch<Batch: Weighed>: Sendable {
    private struct State {
        var readers: [Connection<Batch>] = []
        /// Counts the changes of readers: an error of those that have been taken away is none of the sender's.
        var changes = 0
        /// Counts the batches, so that new readers are never given an older one after a newer one.
        var batches = 0
        /// What new readers get; not kept for an edge that never had readers, since it may be large.
        var latest: Batch?
        var keepsLatest = false
        var end: Result<Void, any Error>?
    }

    private let state = Mutex(State())

    /// Makes a switch without readers.
    public init() {}

    /// The connection of the one sender.
    public func connect() -> Connection<Batch> {
        Connection(
            send: { [self] flow in
                guard case .batch(let batch) = flow else { return }
                try await send(batch)
            }, finish: { [self] error in try await finish(error.map { .failure($0) } ?? .success(())) })
    }

    /// Gives the edge its readers, in the place of those that were taken away: first the latest batch, then all that comes.
    ///
    /// - Throws: What a reader throws that takes nothing.
    public func attach(_ readers: [Connection<Batch>]) async throws {
        while true {
            let (latest, batches) = state.withLock { state in
                if !readers.isEmpty { state.keepsLatest = true }
                return (state.latest, state.batches)
            }
            if let latest {
                for reader in readers { try await reader.send(.batch(latest)) }
            }
            let (isUpToDate, end) = state.withLock { state in
                guard state.batches == batches else { return (false, Result<Void, any Error>?.none) }
                if state.end == nil { state.readers = readers }
                return (true, state.end)
            }
            guard isUpToDate else { continue }
            if let end { try await Self.finish(readers, end) }
            return
        }
    }

    /// Takes the readers away, who see the end of their input; the sender goes on without any.
    public func detach() async throws {
        try await Self.finish(takeReaders(), .success(()))
    }

    private func send(_ batch: Batch) async throws {
        let (readers, changes) = state.withLock { state in
            state.batches += 1
            if state.keepsLatest { state.latest = batch }
            return (state.readers, state.changes)
        }
        for reader in readers {
            do {
                try await reader.send(.batch(batch))
            } catch {
                guard state.withLock({ $0.changes == changes }) else { return }
                throw error
            }
        }
    }

    private func finish(_ end: Result<Void, any Error>) async throws {
        let readers = takeReaders(at: end)
        try await Self.finish(readers, end)
    }

    private func takeReaders(at end: Result<Void, any Error>? = nil) -> [Connection<Batch>] {
        state.withLock { state in
            if let end { state.end = end }
            state.changes += 1
            defer { state.readers = [] }
            return state.readers
        }
    }

    private static func finish(_ readers: [Connection<Batch>], _ end: Result<Void, any Error>) async throws {
        for reader in readers {
            switch end {
            case .success: try await reader.finish(nil)
            case .failure(let error): try await reader.finish(error)
            }
        }
    }
}
