import Synchronization

/// Notifies listeners that something may have changed, without saying what.
package final class ChangeSignal: Sendable {
    private struct State {
        var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let maximumListeners: Int

    init(maximumListeners: Int = 64) { self.maximumListeners = maximumListeners }

    /// Yields once immediately, then after each `send()`; calls between two reads count as one.
    ///
    /// The stream ends when the signal is closed; releasing it ends the listening. `nil` if `maximumListeners` are
    /// listening already, or if the signal is closed.
    func listen() -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id: UInt64? = state.withLock { state in
            guard state.listeners.count < maximumListeners, !state.isClosed else { return nil }
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        guard let id else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
        }
        continuation.yield()
        return stream
    }

    /// Tells every listener that something may have changed.
    package func send() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    /// Ends all streams; `listen()` gives no more.
    package func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
