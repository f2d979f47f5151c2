import NIOCore
import Synchronization

/// What a server was told to do and what it was asked, over all its connections.
final class ServerLog: Sendable {
    private struct State {
        var first: [JudgeBehaviour] = []
        var behaviour = JudgeBehaviour.judges()
        var requests: [ReceivedRequest] = []
        var underWay = 0
        var mostUnderWay = 0
        var held: [EventLoopPromise<Void>] = []
        var holds = true
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var requests: [ReceivedRequest] { state.withLock { $0.requests } }
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    /// Sets what is done with the next requests, in turn, and with those behind them.
    func set(first: [JudgeBehaviour], then behaviour: JudgeBehaviour) {
        state.withLock {
            $0.first = first
            $0.behaviour = behaviour
            $0.holds = true
        }
    }

    /// Notes a request and says what is to be done with it.
    func receive(_ request: ReceivedRequest) -> JudgeBehaviour {
        let (behaviour, ready) = state.withLock { state in
            state.requests.append(request)
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
            let ready = state.watchers.filter { $0.count <= state.requests.count }
            state.watchers.removeAll { $0.count <= state.requests.count }
            return (state.first.isEmpty ? state.behaviour : state.first.removeFirst(), ready)
        }
        for watcher in ready { watcher.continuation.resume() }
        return behaviour
    }

    /// Notes that a request is over.
    func finish() { state.withLock { $0.underWay -= 1 } }

    /// Keeps a promise until `release`.
    func hold(_ promise: EventLoopPromise<Void>) {
        let isHeld = state.withLock { state in
            if state.holds { state.held.append(promise) }
            return state.holds
        }
        if !isHeld { promise.succeed(()) }
    }

    /// Fulfils all promises, and those that come until the next `set`.
    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.holds = false
            return state.held
        }
        for promise in held { promise.succeed(()) }
    }

    /// Returns once so many requests have come.
    func wait(for count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.requests.count < count { state.watchers.append((count, continuation)) }
                return state.requests.count >= count
            }
            if isThere { continuation.resume() }
        }
    }
}
