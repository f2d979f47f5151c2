import Dispatch
import Synchronization

/// A blocking call made on a queue, so that no thread of the cooperative pool waits for it.
enum BlockingCall {
    /// The call's result; `CancellationError` at once if the task is cancelled, even if the call still blocks.
    static func run<Value: Sendable, Failure: Error>(
        on queue: DispatchQueue, _ call: @escaping @Sendable () throws(Failure) -> Value
    ) async throws -> Value {
        let waiter = Waiter<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard waiter.wait(with: continuation) else { return }
                queue.async {
                    let result: Result<Value, any Error>
                    do throws(Failure) { result = .success(try call()) } catch { result = .failure(error) }
                    waiter.resume(with: result)
                }
            }
        } onCancel: {
            waiter.resume(with: .failure(CancellationError()))
        }
    }

    /// Resumes one continuation once, whichever of the call's end and cancellation comes first.
    private final class Waiter<Value: Sendable>: Sendable {
        private enum State {
            case idle
            case waiting(CheckedContinuation<Value, any Error>)
            case done
        }

        private let state = Mutex(State.idle)

        /// Whether the call is still wanted; if not, the continuation has been resumed.
        func wait(with continuation: CheckedContinuation<Value, any Error>) -> Bool {
            let isWanted = state.withLock { state in
                guard case .idle = state else { return false }
                state = .waiting(continuation)
                return true
            }
            if !isWanted { continuation.resume(throwing: CancellationError()) }
            return isWanted
        }

        func resume(with result: Result<Value, any Error>) {
            let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
                defer { state = .done }
                guard case .waiting(let continuation) = state else { return nil }
                return continuation
            }
            continuation?.resume(with: result)
        }
    }
}
