import Synchronization

/// Wakes those who follow the events when there may be new ones.
package final class EventBell: Sendable {
    private struct State {
        var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let maximumListeners: Int

    init(maximumListeners: Int = 64) { self.maximumListeners = maximumListeners }

    /// A stream with an element at once and after every ring, rings in between counting as one; `nil` where as many listen as may.
    ///
    /// It ends when the bell is closed; letting it go ends the listening.
    func rings() -> AsyncStream<Void>? {
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

    /// Says that there may be something new.
    package func ring() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    /// Ends all streams; no further ones are given.
    package func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
