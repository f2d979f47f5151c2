import Corpus
import Elements
import Observability

/// A place records come from: Kafka, a file or standard input.
protocol RecordSource: Sendable {
    /// Starts reading behind the fences, which it first checks against what the source holds.
    ///
    /// - Returns: The fences that reading starts behind, which are others where a gap was accepted; `nil` where `stop`
    ///   was raised before the source could be reached.
    /// - Throws: `DaemonError` where a fence does not fit the source any more.
    func start(behind fences: [Fence], until stop: StopSignal) async throws -> [Fence]?

    /// The records from there on, in batches bounded in bytes; ends only where the source itself ends.
    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable { get }

    /// Whether nothing was left to read behind these positions a moment ago.
    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool

    /// How many records of each partition wait to be read, as far as that is known without asking anybody.
    var lag: [SourceLag] { get }

    /// Told after a checkpoint, for lag tools.
    func checkpointed(_ fences: [Fence]) async

    /// Lets everything go.
    func close() async
}

extension RecordSource {
    /// Nothing is known of it.
    var lag: [SourceLag] { [] }
}

/// Records in the order they were read, and where that leaves each partition.
struct SourceBatch: Sendable {
    /// The records; in offset order within a partition.
    let records: [RawRecord]
    /// The next offset of partitions that moved further than their last record here, past what is no record.
    let positions: [PartitionKey: Int64]

    var byteCount: Int { records.reduce(0) { $0 + ($1.value?.count ?? 0) + 128 } }
}

/// A partition of one source.
struct PartitionKey: Hashable, Sendable {
    let topic: String
    let partition: Int32
}
