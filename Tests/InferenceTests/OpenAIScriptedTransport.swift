import Foundation
import Synchronization

@testable import Inference

/// A server that does what a test tells it, one step per request; the last step is repeated.
final class OpenAIScriptedTransport: HTTPTransport {
    enum Step: Sendable {
        case answer(Int, [String: String], String)
        case failure(HTTPTransportError)
        /// Never answers.
        case silence

        /// An answer of status 200.
        static func ok(_ body: String) -> Step { .answer(200, [:], body) }
        /// A chat answer with token counts.
        static func chat(_ text: String) -> Step {
            .ok(
                #"{"choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
                    + #""usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}"#)
        }
    }

    private struct State {
        var steps: [Step]
        var requests: [HTTPRequest] = []
        var underWay = 0
        var mostUnderWay = 0
    }

    private let state: Mutex<State>

    init(_ steps: Step...) {
        state = Mutex(State(steps: steps))
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    /// The fields of a request's body.
    func fields(_ index: Int = 0) -> NSDictionary? {
        let requests = requests
        guard requests.indices.contains(index) else { return nil }
        return try? JSONSerialization.jsonObject(with: Data(requests[index].body)) as? NSDictionary
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let step = state.withLock { state in
            state.requests.append(request)
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
            return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
        }
        defer { state.withLock { $0.underWay -= 1 } }
        await Task.yield()
        switch step {
        case .answer(let status, let headers, let body):
            return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
        case .failure(let error): throw error
        case .silence:
            await OpenAISilence().untilCancelled()
            throw .cancelled
        }
    }
}

/// Waits for the end of its task, without a clock.
final class OpenAISilence: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Void, Never>)
        case over
    }

    private let state = Mutex(State.idle)

    func untilCancelled() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if case .over = state { return true }
                    state = .waiting(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end()
        }
    }

    /// Ends the wait.
    func end() {
        let continuation: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state = .over }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume()
    }
}

/// A clock on which waits of up to a minute and a half pass at once and are noted; longer ones, which are timeouts, pass only
/// where the test says so.
final class OpenAITestClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Time {
        var now = Instant(offset: .zero)
        var waits: [Duration] = []
        var timesOut: Bool
        var timeouts: [OpenAISilence] = []
    }

    private let time: Mutex<Time>

    init(timesOut: Bool = false) {
        time = Mutex(Time(timesOut: timesOut))
    }

    /// Lets all timeouts pass, those under way and those to come.
    func timeOut() {
        let timeouts = time.withLock { time in
            time.timesOut = true
            return time.timeouts
        }
        for timeout in timeouts { timeout.end() }
    }

    var now: Instant { time.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// The waits that passed, in order.
    var waits: [Duration] { time.withLock { $0.waits } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let wait = now.duration(to: deadline)
        if wait > .seconds(90) {
            let silence = OpenAISilence()
            let passes = time.withLock { time in
                if !time.timesOut { time.timeouts.append(silence) }
                return time.timesOut
            }
            if passes { return }
            await silence.untilCancelled()
            if !Task.isCancelled { return }
        }
        try Task.checkCancellation()
        time.withLock { state in
            state.now = max(state.now, deadline)
            state.waits.append(wait)
        }
    }
}
