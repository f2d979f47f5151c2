package import Corpus
import Dataflow
package import Elements
package import Observability
package import Running

/// A place records come from: Kafka, a file or standard input.
package protocol RecordSource: Sendable {
    /// Starts reading after the fences, which it first checks against what the source holds.
    ///
    /// - Returns: The fences that reading starts after, which are others if a gap was accepted; `nil` if `stop` was
    ///   raised before the source could be reached.
    /// - Throws: `DaemonError` if a fence does not fit the source any more; what noting a gap throws.
    func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]?

    /// The records from there on, in batches bounded in bytes; ends only if the source itself ends.
    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable { get }

    /// Whether nothing was left to read from these positions on a moment ago.
    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool

    /// Told once what a batch says of partitions that begin and end holds for whoever reads.
    func moved()

    /// Looks after what is being read for as long as it is; ends if there is nothing to look after.
    ///
    /// - Throws: `DaemonError` once what is read is no longer what was read before.
    func watch(clock: any Clock<Duration>) async throws

    /// How many records of each partition wait to be read, as far as that is known without asking anybody.
    var lag: [SourceLag] { get }

    /// How far it has been read, for estimates; `nil` if it is not known how much it holds.
    var extent: SourceExtent? { get }

    /// Told after a checkpoint, for lag tools.
    func checkpointed(_ fences: [Fence]) async

    /// Reads no more, and lets everything go that is not needed to be told of checkpoints.
    func close() async

    /// Lets go of the rest, once it has been told of the last checkpoint.
    func release() async
}

extension RecordSource {
    /// Nothing is known of it.
    package var lag: [SourceLag] { [] }
    /// It does not tell.
    package var extent: SourceExtent? { nil }

    /// Nobody else reads its partitions.
    package func moved() {}
    /// Nothing is left.
    package func release() async {}

    /// What is read once in its order shows a change by itself.
    package func watch(clock: any Clock<Duration>) async throws {}
}

/// Records in the order they were read, and how far each partition has been read with them.
package struct SourceBatch: Weighed {
    /// The records; in offset order within a partition.
    package let records: [RawRecord]
    /// The next offset of partitions that moved further than their last record here, past what is no record.
    package let positions: [PartitionKey: Int64]
    /// Where partitions begin to be read, or begin anew, before these records.
    package let begun: [Fence]
    /// The partitions that are read no more, since others read them.
    package let ended: [PartitionKey]

    /// Makes a batch.
    package init(
        records: [RawRecord], positions: [PartitionKey: Int64], begun: [Fence] = [], ended: [PartitionKey] = []
    ) {
        self.records = records
        self.positions = positions
        self.begun = begun
        self.ended = ended
    }

    /// The partitions that it is of.
    var partitions: Set<PartitionKey> { Set(records.map(PartitionKey.init(of:))).union(positions.keys) }

    package var elementCount: Int { records.count }
    package var byteCount: Int { records.reduce(0) { $0 + ($1.value?.count ?? 0) + 128 } }
}
