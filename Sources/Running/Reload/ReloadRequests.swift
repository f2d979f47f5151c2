import Synchronization

/// Requests to read the topology file of a run again: each is answered, one after the other.
package final class ReloadRequests: Sendable {
    /// One request.
    package struct Request: Sendable {
        /// Who asks, in words.
        package let asker: String
        /// To be called once.
        package let answer: @Sendable (ReloadOutcome) -> Void
    }

    private struct State {
        var waiting: [Request] = []
        var taker: CheckedContinuation<Request?, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Makes an empty list; what is asked before somebody takes requests waits.
    package init() {}

    /// Asks, and waits for what comes of it.
    package func ask(_ asker: String) async -> ReloadOutcome {
        await withCheckedContinuation { continuation in leave(asker) { continuation.resume(returning: $0) } }
    }

    /// Leaves a request; `answer` is told what has come of it.
    package func leave(_ asker: String, then answer: @escaping @Sendable (ReloadOutcome) -> Void = { _ in }) {
        let request = Request(asker: asker, answer: answer)
        let (taker, isClosed) = state.withLock { state -> (CheckedContinuation<Request?, Never>?, Bool) in
            guard !state.isClosed else { return (nil, true) }
            defer { state.taker = nil }
            if state.taker == nil { state.waiting.append(request) }
            return (state.taker, false)
        }
        if isClosed { answer(.tooLate) }
        taker?.resume(returning: request)
    }

    /// The next request, once there is one; `nil` after the end.
    ///
    /// There must be only one taker.
    package func next() async -> Request? {
        await withCheckedContinuation { continuation in
            let (request, isThere) = state.withLock { state -> (Request?, Bool) in
                if !state.waiting.isEmpty { return (state.waiting.removeFirst(), true) }
                if state.isClosed { return (nil, true) }
                state.taker = continuation
                return (nil, false)
            }
            if isThere { continuation.resume(returning: request) }
        }
    }

    /// Whether no request waits to be taken.
    package var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    /// Takes no more requests; those that wait are told that the run is over.
    package func close() {
        let (waiting, taker) = state.withLock { state in
            state.isClosed = true
            defer { (state.waiting, state.taker) = ([], nil) }
            return (state.waiting, state.taker)
        }
        for request in waiting { request.answer(.tooLate) }
        taker?.resume(returning: nil)
    }
}
