internal import CRdKafka
internal import Synchronization

/// A second client of a consumer, made at the first question.
///
/// A broker answers the requests of one connection in order; on the reading client, a question would wait for the
/// fetch under way.
final class QueryClient: Sendable {
    private struct State {
        var handle: ClientHandle?
        var destroyed: Completion?
        var isClosed = false
    }

    private let settings: KafkaSettings
    private let state = Mutex(State())

    init(_ settings: KafkaSettings) { self.settings = settings }

    /// The client, to be held for the length of a call.
    func handle() throws(KafkaError) -> ClientHandle {
        let settings = settings
        let result: Result<ClientHandle, KafkaError> = state.withLock { state in
            if state.isClosed { return .failure(.closed("consumer")) }
            if let handle = state.handle { return .success(handle) }
            do throws(KafkaError) {
                let context = ClientContext(brokers: settings.brokers) { _ in }
                let handle = try KafkaConsumer.makeHandle(
                    settings, group: nil, extra: [], context: context, hasPollThread: false)
                state.handle = handle
                state.destroyed = handle.destroyed
                return .success(handle)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The library's last message about reaching a broker.
    var lastTrouble: String? { state.withLock { $0.handle?.context.lastTrouble } }

    /// - Returns: whether the client is gone.
    func close(within limit: Duration) async -> Bool {
        let destroyed = state.withLock { state in
            state.isClosed = true
            state.handle = nil
            return state.destroyed
        }
        return await destroyed?.wait(for: limit) ?? true
    }
}
