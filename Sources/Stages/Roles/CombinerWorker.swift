import Elements
import Evidence
package import Shuffle

/// The owner of a combiner: made on its own thread and never used on another.
package final class CombinerWorker {
    private var combiner: IngestCombiner
    private let identity: ShuffleIdentity
    /// The bytes above which the combiner forgets what it has sampled: that is only ever told again.
    private let mostBytes: Int

    /// Makes the worker of a combiner that has seen nothing.
    package init(_ combiner: IngestCombiner, identity: ShuffleIdentity, mostBytes: Int) {
        self.combiner = combiner
        self.identity = identity
        self.mostBytes = mostBytes
    }

    /// The bytes that its samples and counts take.
    var residentBytes: Int { combiner.residentBytes }

    /// Counts and samples codes.
    func absorb(_ batch: CodeBatch, sharing: WorkSharing) throws { try combiner.absorb(batch, sharing: sharing) }

    /// What has to be told since it was last taken; `nil` if there is nothing.
    func take(sharing: WorkSharing, isOver: (CorpusBlock) -> Bool) throws -> [UInt8]? {
        var frames = ShuffleFrames()
        try combiner.tell(sharing: sharing, isOver: isOver) { record in
            frames.add(ShuffleMessage(shard: record.shard, bytes: try record.bytes(of: identity)))
        }
        if combiner.sampledBytes > mostBytes { combiner.startAnew() }
        return frames.bytes.isEmpty ? nil : frames.bytes
    }
}
