import LanguageModels
import Synchronization

/// A request to a model and the caller who waits for what comes of it.
final class PendingAnswer: Sendable {
    typealias Answer = Result<GenerationEvent, InferenceError>

    private enum State {
        case new
        case waiting(CheckedContinuation<Answer, Never>)
        /// The answer was there before its caller waited.
        case early(Answer)
        case answered
    }

    let request: GenerationRequest
    private let state = Mutex(State.new)

    init(_ request: GenerationRequest) { self.request = request }

    /// Whether nobody waits any more.
    var isAnswered: Bool {
        state.withLock { state in
            switch state {
            case .new, .waiting: false
            case .early, .answered: true
            }
        }
    }

    /// Gives the answer; all but the first are left out of account.
    func answer(_ answer: Answer) {
        let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            switch state {
            case .new:
                state = .early(answer)
                return nil
            case .waiting(let continuation):
                state = .answered
                return continuation
            case .early, .answered: return nil
            }
        }
        continuation?.resume(returning: answer)
    }

    /// Waits for the answer; to be called once.
    ///
    /// Throws kind `cancelled` at once if the caller's task is cancelled.
    func value() async throws(InferenceError) -> GenerationEvent {
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { state -> Answer? in
                    if case .early(let answer) = state {
                        state = .answered
                        return answer
                    }
                    state = .waiting(continuation)
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            self.answer(.failure(InferenceError(.cancelled, "the work was called off")))
        }
        return try answer.get()
    }
}
