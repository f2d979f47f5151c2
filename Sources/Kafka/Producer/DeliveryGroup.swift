internal import Synchronization

/// Messages whose delivery reports are awaited together.
///
/// librdkafka holds one reference per message until its report.
final class DeliveryGroup: Sendable {
    private struct State {
        var outstanding = 0
        var delivered = 0
        var lastOffset: Int64 = -1
        var firstError: KafkaError?
        var waiter: CheckedContinuation<Void, any Error>?
    }

    private let state = Mutex(State())
    private let core: ProducerCore
    private let onDelivered: @Sendable (Int) -> Void

    init(core: ProducerCore, onDelivered: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.core = core
        self.onDelivered = onDelivered
    }

    var firstError: KafkaError? { state.withLock { $0.firstError } }

    func started() { state.withLock { $0.outstanding += 1 } }

    /// The library refused the message, so that no report will come.
    func notStarted(weight: Int) {
        state.withLock { $0.outstanding -= 1 }
        core.left(weight: weight)
    }

    /// A delivery report.
    func ended(_ result: Result<Int64, KafkaError>, weight: Int) {
        let (delivered, waiter) = state.withLock { state in
            state.outstanding -= 1
            switch result {
            case .success(let offset):
                state.delivered += 1
                state.lastOffset = offset
            case .failure(let error):
                state.firstError = state.firstError ?? error
            }
            let waiter = state.outstanding == 0 ? state.waiter : nil
            if waiter != nil { state.waiter = nil }
            return (state.delivered, waiter)
        }
        if case .success = result { onDelivered(delivered) }
        core.left(weight: weight)
        waiter?.resume()
    }

    /// Waits until every report is in.
    ///
    /// - Returns: the offset in the last successful report.
    /// - Throws: the first delivery error, or `CancellationError`; messages under way may then still be written.
    func wait() async throws -> Int64 {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<Void, any Error>) in
                let isDone = state.withLock { state in
                    if state.outstanding == 0 || Task.isCancelled { return true }
                    state.waiter = waiter
                    return false
                }
                if isDone { waiter.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
        let (outstanding, offset, error) = state.withLock { ($0.outstanding, $0.lastOffset, $0.firstError) }
        if let error { throw error }
        if outstanding > 0 { throw CancellationError() }
        return offset
    }
}
