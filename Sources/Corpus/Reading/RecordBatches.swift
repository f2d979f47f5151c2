import Dispatch
import Synchronization

/// The records of a text in batches, read on a queue of its own: one batch at a time, when it is asked for.
public struct RecordBatches: AsyncSequence, Sendable {
    /// Records in the order of their source; never empty.
    public typealias Element = [RawRecord]
    /// `CorpusError`, or `CancellationError` if the task is cancelled.
    public typealias Failure = any Error

    private let open: @Sendable () throws(CorpusError) -> RecordReader

    init(open: @escaping @Sendable () throws(CorpusError) -> RecordReader) { self.open = open }

    /// Starts reading; every iterator reads by itself.
    public func makeAsyncIterator() -> Iterator { Iterator(pump: Pump(open: open)) }

    /// Gives one batch after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let pump: Pump

        /// The next batch; `nil` at the end.
        public mutating func next() async throws -> [RawRecord]? { try await pump.next() }
    }

    /// Owns the reader and the queue on which its blocking calls are made.
    fileprivate final class Pump: Sendable {
        private enum State {
            case unopened(@Sendable () throws(CorpusError) -> RecordReader)
            case open(RecordReader)
            case closed
        }

        private let queue = DispatchQueue(label: "gloss.corpus")
        private let state: Mutex<State>

        init(open: @escaping @Sendable () throws(CorpusError) -> RecordReader) { state = Mutex(.unopened(open)) }

        func next() async throws -> [RawRecord]? {
            try await BlockingCall.run(on: queue) { () throws(CorpusError) -> [RawRecord]? in try self.read() }
        }

        private func read() throws(CorpusError) -> [RawRecord]? {
            let result: Result<[RawRecord]?, CorpusError> = state.withLock { state in
                do throws(CorpusError) {
                    var reader: RecordReader
                    switch state {
                    case .unopened(let open): reader = try open()
                    case .open(let opened): reader = opened
                    case .closed: return .success(nil)
                    }
                    // The state gives its copy up, so that the reader's buffers are not copied when they change.
                    state = .closed
                    let batch = try reader.nextBatch()
                    if batch != nil { state = .open(reader) }
                    return .success(batch)
                } catch {
                    state = .closed
                    return .failure(error)
                }
            }
            return try result.get()
        }
    }
}
