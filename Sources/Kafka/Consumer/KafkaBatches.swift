/// The batches of a consumer, read by one task at a time.
public struct KafkaBatches: AsyncSequence, Sendable {
    /// The element type.
    public typealias Element = KafkaBatch

    private let consumer: KafkaConsumer

    init(consumer: KafkaConsumer) { self.consumer = consumer }

    /// Starts to read; a second iterator continues from the point at which the first stopped.
    public func makeAsyncIterator() -> Iterator { Iterator(consumer: consumer) }

    /// Reads batches one after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private let consumer: KafkaConsumer

        init(consumer: KafkaConsumer) { self.consumer = consumer }

        /// The next batch; `nil` after the consumer was closed.
        ///
        /// - Throws: `KafkaError` if the stream can't go on, `CancellationError` if the task was cancelled.
        public func next() async throws -> KafkaBatch? { try await consumer.core.next() }
    }
}
