import Inference
import Synchronization

/// Whether a judge still answers, over the calls of one plan.
final class JudgeReach: Sendable {
    /// After this many unanswered calls in a row, each with its own retries, the rest of a plan is not asked.
    static let patience = 3

    private let state = Mutex((failuresInARow: 0, loss: InferenceError?.none))

    /// Why no more calls are to be made; `nil` while the judge answers.
    var loss: InferenceError? { state.withLock { $0.loss } }

    private static func isFinal(_ failure: InferenceError) -> Bool {
        failure.kind == .unsupported || failure.kind == .budgetSpent
    }

    /// Notes how a call ended.
    func note(_ failure: InferenceError?) {
        state.withLock { state in
            guard let failure, failure.isRetriable || Self.isFinal(failure) else {
                state.failuresInARow = 0
                return
            }
            state.failuresInARow += 1
            // What a judge cannot do for one question it cannot do for the next.
            if Self.isFinal(failure) || state.failuresInARow >= Self.patience { state.loss = failure }
        }
    }
}
