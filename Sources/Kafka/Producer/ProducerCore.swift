internal import CRdKafka
internal import Synchronization

/// The state shared by the poll thread and the senders of a producer.
final class ProducerCore: Sendable {
    private struct State {
        var window: SendWindow
        var senders: [SendWindow.Ticket: CheckedContinuation<Void, any Error>] = [:]
        /// Counts reports, so that a sender that found the queue full can tell whether there was one since.
        var reports = 0
        var retrying: [CheckedContinuation<Void, Never>] = []
        var idle: Completion?
        var handle: ClientHandle?
        var isClosing = false
    }

    let context: ClientContext
    let destroyed: Completion
    private let state: Mutex<State>

    init(handle: ClientHandle, window: SendWindow) {
        context = handle.context
        destroyed = handle.destroyed
        state = Mutex(State(window: window, handle: handle))
    }

    var handle: ClientHandle? { state.withLock { $0.isClosing ? nil : $0.handle } }
    var isClosing: Bool { state.withLock { $0.isClosing } }
    var reports: Int { state.withLock { $0.reports } }

    /// The number of messages without a report.
    var outstanding: Int { state.withLock { $0.window.messages } }

    /// Waits for room.
    func enter(weight: Int) async throws {
        let ticket = Mutex<SendWindow.Ticket?>(nil)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (sender: CheckedContinuation<Void, any Error>) in
                let isAdmitted = state.withLock { state in
                    guard let place = state.window.enter(weight: weight) else { return true }
                    state.senders[place] = sender
                    ticket.withLock { $0 = place }
                    return false
                }
                if isAdmitted {
                    sender.resume()
                } else if Task.isCancelled {
                    // The handler below may have run before there was a ticket to give up.
                    giveUp(ticket.withLock { $0 })
                }
            }
        } onCancel: {
            giveUp(ticket.withLock { $0 })
        }
    }

    /// A message that entered is reported or was refused.
    func left(weight: Int) {
        let (senders, retrying, idle) = state.withLock { state in
            state.reports += 1
            let senders = state.window.leave(weight: weight).compactMap { state.senders.removeValue(forKey: $0) }
            let idle = state.window.messages == 0 ? state.idle : nil
            if idle != nil { state.idle = nil }
            defer { state.retrying = [] }
            return (senders, state.retrying, idle)
        }
        for sender in senders { sender.resume() }
        for sender in retrying { sender.resume() }
        idle?.fulfil()
    }

    /// Waits for the first report after the `reports`th.
    ///
    /// - Returns: `false` if none can come, since the library's queue is empty.
    func nextReport(after reports: Int) async -> Bool {
        guard let handle, rd_kafka_outq_len(handle.client) > 0 || self.reports != reports else { return false }
        await withCheckedContinuation { sender in
            let isLate = state.withLock { state in
                if state.reports != reports { return true }
                state.retrying.append(sender)
                return false
            }
            if isLate { sender.resume() }
        }
        return true
    }

    /// Waits until nothing is under way.
    ///
    /// - Returns: how many messages still are.
    func flush(within limit: Duration) async -> Int {
        let idle: Completion? = state.withLock { state in
            if state.window.messages == 0 { return nil }
            let idle = state.idle ?? Completion()
            state.idle = idle
            return idle
        }
        if let idle { _ = await idle.wait(for: limit) }
        return outstanding
    }

    func close() {
        let handle = state.withLock { state in
            state.isClosing = true
            return state.handle
        }
        handle?.wake()
    }

    func release() { state.withLock { $0.handle = nil } }

    private func giveUp(_ ticket: SendWindow.Ticket?) {
        guard let ticket else { return }
        let senders = state.withLock { state in
            let (wasWaiting, admitted) = state.window.giveUp(ticket)
            let cancelled = wasWaiting ? state.senders.removeValue(forKey: ticket) : nil
            return (cancelled, admitted.compactMap { state.senders.removeValue(forKey: $0) })
        }
        senders.0?.resume(throwing: CancellationError())
        for sender in senders.1 { sender.resume() }
    }
}
