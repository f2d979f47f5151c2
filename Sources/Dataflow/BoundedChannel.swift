import Synchronization

/// The one channel between stages: many senders, one receiver, bounded by weight.
///
/// An element heavier than the capacity passes when the channel is empty, so that nothing can get stuck.
public final class BoundedChannel<Element: Sendable>: Sendable {
    private let state: Mutex<ChannelState<Element>>
    private let weigh: @Sendable (Element) -> Int

    /// Makes a channel that holds at most `capacity` in weight.
    ///
    /// - Parameters:
    ///   - capacity: The bound, in the unit of `weigh`.
    ///   - supersedes: Says whether a new element makes a waiting one pointless, which is then dropped.
    ///   - weigh: The weight of an element.
    public init(
        capacity: Int, supersedes: (@Sendable (_ new: Element, _ old: Element) -> Bool)? = nil,
        weigh: @escaping @Sendable (Element) -> Int
    ) {
        state = Mutex(ChannelState(capacity: capacity, supersedes: supersedes))
        self.weigh = weigh
    }

    /// The weight of the elements that wait in the channel.
    public var depth: Int { state.withLock { $0.depth } }

    /// The number of elements that wait in the channel, and their weight.
    package var waiting: (count: Int, weight: Int) { state.withLock { ($0.count, $0.depth) } }

    /// Sends an element, waiting for room.
    ///
    /// - Throws: `CancellationError` when the task is cancelled or the receiver has gone; the error the channel was finished with.
    public func send(_ element: Element) async throws {
        try Task.checkCancellation()
        let weight = weigh(element)
        switch state.withLock({ $0.offer(element, weight: weight) }) {
        case .accepted: return
        case .deliver(let receiver): receiver.resume(returning: element)
        case .refused(let error): throw error
        case .mustWait(let id):
            defer { state.withLock { $0.forgetSender(id) } }
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    switch state.withLock({ $0.wait(id, element, weight: weight, continuation) }) {
                    case .suspended: break
                    case .accepted: continuation.resume()
                    case .deliver(let receiver):
                        receiver.resume(returning: element)
                        continuation.resume()
                    case .refused(let error): continuation.resume(throwing: error)
                    }
                }
            } onCancel: {
                state.withLock { $0.cancelSender(id) }?.resume(throwing: CancellationError())
            }
        }
    }

    /// Ends the channel: buffered elements are delivered, then the end or the error.
    public func finish(throwing error: (any Error)? = nil) {
        let (receiver, senders) = state.withLock { $0.finish(error) }
        if let error {
            receiver?.resume(throwing: error)
        } else {
            receiver?.resume(returning: nil)
        }
        for sender in senders { sender.resume(throwing: error ?? ChannelError.sentAfterFinish) }
    }

    /// Gives up receiving: senders get a cancellation.
    public func abandon() {
        let (receiver, senders) = state.withLock { $0.abandon() }
        receiver?.resume(returning: nil)
        for sender in senders { sender.resume(throwing: CancellationError()) }
    }

    /// The next element if one is there; `nil` if none is, or none will be.
    func nextAtHand() -> Element? {
        guard case .element(let element, let admitted) = state.withLock({ $0.receive(nil) }) else { return nil }
        for sender in admitted { sender.resume() }
        return element
    }

    /// The next element; `nil` at the end or when the receiving task is cancelled.
    public func next() async throws -> Element? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch state.withLock({ $0.receive(continuation) }) {
                case .element(let element, let admitted):
                    for sender in admitted { sender.resume() }
                    continuation.resume(returning: element)
                case .finished: continuation.resume(returning: nil)
                case .failed(let error): continuation.resume(throwing: error)
                case .suspended: break
                }
            }
        } onCancel: {
            abandon()
        }
    }
}

extension BoundedChannel: AsyncSequence {
    /// Iterates over the channel; there must be only one iterator.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let channel: BoundedChannel<Element>

        /// The next element of the channel.
        public mutating func next() async throws -> Element? { try await channel.next() }
    }

    /// The iterator over the elements sent.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(channel: self) }
}
