/// A sequence whose elements a task of its own produces into a bounded channel.
///
/// The task starts with the first iterator and is cancelled when the sequence is let go.
public struct ProducedSequence<Element: Sendable>: AsyncSequence, Sendable {
    private let channel: BoundedChannel<Element>
    private let body: @Sendable (BoundedChannel<Element>) async throws -> Void

    /// Makes a sequence; `body` sends into the channel it is given and returns when it is done.
    public init(
        capacity: Int, weigh: @escaping @Sendable (Element) -> Int,
        producing body: @escaping @Sendable (BoundedChannel<Element>) async throws -> Void
    ) {
        channel = BoundedChannel(capacity: capacity, weigh: weigh)
        self.body = body
    }

    /// Iterates over what the task produces.
    public final class AsyncIterator: AsyncIteratorProtocol {
        private let channel: BoundedChannel<Element>
        private let task: Task<Void, Never>

        init(channel: BoundedChannel<Element>, body: @escaping @Sendable (BoundedChannel<Element>) async throws -> Void)
        {
            self.channel = channel
            task = Task {
                do {
                    try await body(channel)
                    channel.finish()
                } catch {
                    channel.finish(throwing: error)
                }
            }
        }

        deinit {
            task.cancel()
            channel.abandon()
        }

        /// The next element.
        public func next() async throws -> Element? { try await channel.next() }
    }

    /// Starts the task and iterates over what it produces.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(channel: channel, body: body) }
}
