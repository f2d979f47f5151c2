import Dataflow
import Elements
import Synchronization

/// Lets requests through to an endpoint as its breaker says; all clients of one server share it.
package final class EndpointGate: Sendable {
    /// What is told of each probe of an endpoint that is away.
    package enum Change: Sendable, Hashable {
        /// It has been away for that long; the reason, for a person.
        case away(for: Duration, reason: String)
        /// It answers again.
        case back
    }

    /// A request that was let through.
    struct Pass: Sendable { let isProbe: Bool }

    private struct State {
        var breaker: EndpointBreaker
        var isClosed = false
        var next: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        /// Those whose task was cancelled before they waited.
        var withdrawn: Set<UInt64> = []
        /// Counts what those who wait are woken for, so that none misses what comes before it waits.
        var changes: UInt64 = 0

        mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
            changes += 1
            defer { waiting = [:] }
            return Array(waiting.values)
        }
    }

    /// The longest time in which a request that waits does not look whether it is still wanted.
    private static let longestWait = Duration.seconds(30)

    private let state: Mutex<State>
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration
    private let random: @Sendable () -> Double
    private let onChange: @Sendable (Change) -> Void

    /// Makes a gate that is open.
    /// - Parameters:
    ///   - patience: How long an outage is waited for; `nil` for ever.
    ///   - clock: Measures rests.
    ///   - random: Numbers from 0 to 1, for the jitter of rests.
    ///   - onChange: Told after each probe that failed, and when the endpoint is back.
    package convenience init(
        patience: Duration? = nil, clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        onChange: @escaping @Sendable (Change) -> Void = { _ in }
    ) {
        var settings = EndpointBreaker.Settings()
        settings.patience = patience
        self.init(settings, clock: clock, random: random, onChange: onChange)
    }

    init(
        _ settings: EndpointBreaker.Settings, clock: any Clock<Duration>,
        random: @escaping @Sendable () -> Double, onChange: @escaping @Sendable (Change) -> Void
    ) {
        state = Mutex(State(breaker: EndpointBreaker(settings)))
        self.clock = clock
        elapsed = clock.stopwatch()
        self.random = random
        self.onChange = onChange
    }

    /// Whether requests are called off because an outage has lasted longer than it is waited for.
    package var hasGivenUp: Bool {
        let time = elapsed()
        // Whoever is left without an answer is to learn why, also if no probe has gone yet.
        change { $0.giveUp(at: time) }
        return state.withLock { $0.breaker.hasGivenUp(at: time) }
    }

    /// Calls off those who wait, and all who come later: the run is stopping.
    package func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            return state.takeWaiting()
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Requests that have been answered so far.
    var answered: UInt64 { state.withLock { $0.breaker.answered } }

    /// Whether a failure is to be followed by no further attempt.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Waits until a request may be sent.
    ///
    /// Throws kind `cancelled` if the work is called off meanwhile, and what `check` throws, which is called after each
    /// wait.
    func enter(check: @Sendable () throws(InferenceError) -> Void) async throws(InferenceError) -> Pass {
        var hasWaited = false
        while true {
            let (admission, latest, isClosed, changes) = state.withLock { state in
                let admission = state.isClosed ? .giveUp : state.breaker.ask(at: elapsed())
                return (admission, state.breaker.latest, state.isClosed, state.changes)
            }
            switch admission {
            case .send, .probe:
                let pass = Pass(isProbe: admission == .probe)
                guard hasWaited else { return pass }
                do {
                    try check()
                } catch {
                    abandon(pass)
                    throw error
                }
                return pass
            case .giveUp:
                if !isClosed { change { $0.giveUp(at: elapsed()) } }
                let why = isClosed ? "the run is stopping" : "the endpoint has been away for too long"
                throw InferenceError(.cancelled, latest.map { "\(why); the last failure: \($0)" } ?? why)
            case .wait(let until):
                hasWaited = true
                await wait(until: until, unlessChangedSince: changes)
                if Task.isCancelled { throw InferenceError(.cancelled, "the work was called off") }
                try check()
            }
        }
    }

    /// Notes how a request that was let through has ended.
    func leave(_ pass: Pass, _ failure: InferenceError?) {
        guard failure?.kind != .cancelled else { return abandon(pass) }
        change { breaker in
            // An endpoint that refuses or answers something else than was wanted is there.
            guard let failure, failure.isRetriable else { return breaker.succeeded(isProbe: pass.isProbe) }
            return breaker.failed(failure, isProbe: pass.isProbe, at: elapsed(), random: random())
        }
    }

    /// Waits for a time, or until the gate is closed.
    ///
    /// Throws kind `cancelled` if the work is called off.
    func pause(for delay: Duration) async throws(InferenceError) {
        let end = elapsed() + delay
        while !isClosed, elapsed() < end {
            await wait(until: end, unlessChangedSince: state.withLock { $0.isClosed ? nil : $0.changes })
            if Task.isCancelled { throw InferenceError(.cancelled, "the work was called off") }
        }
    }

    private func abandon(_ pass: Pass) {
        change { $0.abandoned(isProbe: pass.isProbe, at: elapsed()) }
    }

    private func change(_ body: (inout EndpointBreaker) -> [EndpointBreaker.Action]) {
        state.withLock { state in
            for action in body(&state.breaker) {
                switch action {
                // Those who go on take the lock only after it is given back.
                case .wake: for continuation in state.takeWaiting() { continuation.resume() }
                // Within the lock, so that changes come in the order of what happened.
                case .tellAway(let since, let reason): onChange(.away(for: elapsed() - since, reason: reason))
                case .tellBack: onChange(.back)
                }
            }
        }
    }

    /// Waits until a time, or for something to change.
    private func wait(until time: Duration?, unlessChangedSince changes: UInt64?) async {
        guard let changes else { return }
        let length = min(time.map { max($0 - elapsed(), .zero) } ?? Self.longestWait, Self.longestWait)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [clock] in try? await clock.sleep(for: length) }
            group.addTask { await self.change(after: changes) }
            await group.next()
            group.cancelAll()
        }
    }

    private func change(after changes: UInt64) async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.withdrawn.remove(id) != nil || state.changes != changes { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                let continuation = state.waiting.removeValue(forKey: id)
                if continuation == nil { state.withdrawn.insert(id) }
                return continuation
            }
            continuation?.resume()
        }
        state.withLock { _ = $0.withdrawn.remove(id) }
    }
}
