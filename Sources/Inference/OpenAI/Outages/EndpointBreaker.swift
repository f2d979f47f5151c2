/// Decides when an endpoint is asked and when it is given a rest: a circuit breaker, without a clock or tasks.
///
/// It is closed while the endpoint answers. Failures open it: one that says that nobody is there or that the endpoint cannot
/// serve for now at once, others when several come in a row. Then nobody asks until the rest is over; one request is let
/// through as a probe, and its outcome closes it or begins a longer rest.
///
/// Times are durations since any fixed moment, never falling.
/// Source: Nygard, "Release It!" (2007), section 5.2.
struct EndpointBreaker: Sendable {
    /// How long rests last and when they begin.
    struct Settings: Sendable, Hashable {
        /// Failures in a row, each of which may be one request's own fault, that open it.
        var failuresInARow = 3
        /// The rest before the first probe; it doubles with each probe that fails.
        var base: Duration = .milliseconds(500)
        /// The longest rest of its own choice.
        var cap: Duration = .seconds(30)
        /// The longest rest that a server may ask for.
        var retryAfterCap: Duration = .seconds(3600)
        /// How long an outage is waited for; `nil` for ever.
        var patience: Duration?
    }

    /// What a request may do.
    enum Admission: Sendable, Hashable {
        /// Be sent.
        case send
        /// Be sent; its outcome decides whether others follow.
        case probe
        /// Ask again at that time; `nil`: when something has changed.
        case wait(until: Duration?)
        /// Not be sent any more: the outage has lasted too long.
        case giveUp
    }

    /// What is to be done after a change.
    enum Action: Sendable, Hashable {
        /// Let all who wait ask again.
        case wake
        /// Tell that the endpoint is still away, since when and why; a probe has found out.
        case tellAway(since: Duration, reason: String)
        /// Tell that the endpoint answers again.
        case tellBack
    }

    private enum State: Sendable, Hashable {
        case closed
        case resting(until: Duration, isAsked: Bool)
        case probing
    }

    private let settings: Settings
    private var state = State.closed
    /// Failures since the last answer that may be a request's own fault.
    private var failuresInARow = 0
    /// Probes that have failed since the rest began.
    private var failedProbes = 0
    /// When it opened.
    private var began: Duration?
    private var isTold = false

    /// Requests that have been answered.
    private(set) var answered: UInt64 = 0
    /// The latest failure; `nil` while the endpoint answers.
    private(set) var latest: InferenceError?

    init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Whether the endpoint is given a rest.
    var isOpen: Bool { state != .closed }

    /// Since when the endpoint has been away, as far as that was told.
    var awaySince: Duration? { isTold ? began : nil }

    /// Whether an outage has lasted longer than it is waited for.
    func hasGivenUp(at time: Duration) -> Bool { deadline.map { time >= $0 } ?? false }

    /// Tells of an outage that has lasted longer than it is waited for, unless that was told.
    mutating func giveUp(at time: Duration) -> [Action] {
        guard hasGivenUp(at: time), !isTold, let began, let latest else { return [] }
        isTold = true
        return [.tellAway(since: began, reason: latest.message)]
    }

    private var deadline: Duration? {
        guard isOpen, let patience = settings.patience, let began else { return nil }
        return began + patience
    }

    /// A request wants to be sent.
    mutating func ask(at time: Duration) -> Admission {
        if hasGivenUp(at: time) { return .giveUp }
        switch state {
        case .closed: return .send
        case .probing: return .wait(until: deadline)
        case .resting(let until, _):
            guard time >= until else { return .wait(until: deadline.map { min($0, until) } ?? until) }
            state = .probing
            return .probe
        }
    }

    /// A request that was let through has been answered, whatever the answer says.
    mutating func succeeded(isProbe: Bool) -> [Action] {
        answered += 1
        (failuresInARow, failedProbes) = (0, 0)
        // A wait that a server asked for is kept, although it still answers others.
        if !isProbe, case .resting(_, isAsked: true) = state { return [] }
        let wasOpen = isOpen
        let wasTold = isTold
        (state, began, latest, isTold) = (.closed, nil, nil, false)
        return (wasOpen ? [.wake] : []) + (wasTold ? [.tellBack] : [])
    }

    /// A request that was let through has failed.
    ///
    /// - Parameter random: A number from 0 to 1, so that several processes do not come back all at once.
    mutating func failed(_ error: InferenceError, isProbe: Bool, at time: Duration, random: Double) -> [Action] {
        latest = error
        switch state {
        case .closed:
            failuresInARow += 1
            guard error.isOutage || failuresInARow >= settings.failuresInARow else { return [] }
            began = time
            rest(after: error, at: time, random: random)
            return []
        case .probing where isProbe:
            failedProbes += 1
            rest(after: error, at: time, random: random)
            isTold = true
            return [.wake, .tellAway(since: began ?? time, reason: error.message)]
        case .resting(let until, let isAsked):
            // What was under way when the rest began says nothing new, unless it asks for a longer one.
            guard let asked = asked(by: error, at: time), asked > until else { return [] }
            state = .resting(until: asked, isAsked: true)
            return isAsked ? [] : [.wake]
        case .probing: return []
        }
    }

    /// A request that was let through has been called off before its outcome was known.
    mutating func abandoned(isProbe: Bool, at time: Duration) -> [Action] {
        guard isProbe, state == .probing else { return [] }
        state = .resting(until: time, isAsked: false)
        return [.wake]
    }

    private mutating func rest(after error: InferenceError, at time: Duration, random: Double) {
        if let asked = asked(by: error, at: time) {
            state = .resting(until: asked, isAsked: true)
            return
        }
        var length = min(settings.base, settings.cap)
        for _ in 0..<failedProbes where length > .zero && length < settings.cap {
            length = min(length * 2, settings.cap)
        }
        let random = min(max(random, 0), 1)
        state = .resting(until: time + length * (0.5 + random / 2), isAsked: false)
    }

    private func asked(by error: InferenceError, at time: Duration) -> Duration? {
        error.retryAfter.map { time + min(max($0, .zero), settings.retryAfterCap) }
    }
}
