/// The batches of a consumer, read by one task at a time.
public struct KafkaBatches: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = KafkaBatch

    private let consumer: KafkaConsumer

    init(consumer: KafkaConsumer) { self.consumer = consumer }

    /// Starts to read; a second iterator goes on where the first stopped.
    public func makeAsyncIterator() -> Iterator { Iterator(consumer: consumer) }

    /// Reads batches one after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private let consumer: KafkaConsumer

        init(consumer: KafkaConsumer) { self.consumer = consumer }

        /// The next batch; `nil` after the consumer was closed.
        ///
        /// - Throws: `KafkaError` where the stream can't go on, `CancellationError` where the task was cancelled.
        public func next() async throws -> KafkaBatch? { try await consumer.core.next() }
    }
}
