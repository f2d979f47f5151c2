/// Lines on standard input, plain or gzip: read at most once, since input cannot be read twice.
public struct StdinSource: Sendable {
    private let settings: RecordReader.Settings
    private let descriptor: Int32

    /// Names standard input as a source.
    ///
    /// - Parameters:
    ///   - source: The source node's id in the topology.
    ///   - timestamp: The time that every record carries, in milliseconds since 1970.
    ///   - maximumBytes: The largest line held, in bytes; of a larger one only the first 64 KiB reach the record.
    ///   - batchBytes: The weight at which a batch is closed, in bytes.
    public init(source: String, timestamp: Int64, maximumBytes: Int = 16 << 20, batchBytes: Int = 1 << 20) {
        self.init(
            descriptor: 0, source: source, timestamp: timestamp, maximumBytes: maximumBytes, batchBytes: batchBytes)
    }

    init(descriptor: Int32, source: String, timestamp: Int64, maximumBytes: Int, batchBytes: Int) {
        self.descriptor = descriptor
        settings = RecordReader.Settings(
            source: source, topic: "stdin", timestamp: timestamp, maximumBytes: maximumBytes, batchBytes: batchBytes)
    }

    /// The records still to come, each batch as soon as no more input is at hand.
    ///
    /// Iterate once.
    public func records() -> RecordBatches {
        RecordBatches { () throws(CorpusError) in
            let input = try DetectedInput.open(FileInput(descriptor: descriptor, name: "stdin"), path: "stdin")
            return RecordReader(input, start: 0, settings: settings)
        }
    }
}
