import Synchronization

/// The sender's end of an edge.
public struct Connection<Batch: Weighed>: Sendable {
    /// Sends a batch or a barrier, waiting for room.
    let send: @Sendable (Flow<Batch>) async throws -> Void
    /// Ends the connection, with an error for the receiver or without one.
    let finish: @Sendable ((any Error)?) async throws -> Void

    /// Makes a connection.
    public init(
        send: @escaping @Sendable (Flow<Batch>) async throws -> Void,
        finish: @escaping @Sendable ((any Error)?) async throws -> Void
    ) {
        self.send = send
        self.finish = finish
    }
}

/// The sending end of a node: every reader receives everything that is sent.
///
/// The time that readers keep the node waiting counts as blocked. A reader that has gone fails the sender: a topology does not go
/// on with a part missing.
public final class OutputPort<Batch: Weighed>: Sendable {
    private let readers = Mutex<[Connection<Batch>]>([])
    private let timers: StageTimers

    /// Makes a port without readers.
    public init(timers: StageTimers) { self.timers = timers }

    /// Adds a reader, before anything is sent.
    public func connect(to reader: Connection<Batch>) { readers.withLock { $0.append(reader) } }

    /// Whether it has readers.
    public var hasReaders: Bool { readers.withLock { !$0.isEmpty } }

    /// Sends a batch or a barrier to every reader, waiting for room.
    ///
    /// - Throws: `CancellationError` if the task is cancelled or a reader has gone.
    public func send(_ flow: Flow<Batch>) async throws {
        if case .batch(let batch) = flow { timers.count(byteCount: batch.byteCount, elements: batch.elementCount) }
        timers.begin(.blocked)
        defer { timers.end(.blocked) }
        for reader in readers.withLock({ $0 }) { try await reader.send(flow) }
    }

    /// Sends a batch.
    public func send(_ batch: Batch) async throws { try await send(.batch(batch)) }

    /// Does a node's work and ends the port after it: readers see the end, or the error that the work ended with.
    public func whole(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch {
            for reader in readers.withLock({ $0 }) { try? await reader.finish(error) }
            throw error
        }
        for reader in readers.withLock({ $0 }) { try await reader.finish(nil) }
    }
}
