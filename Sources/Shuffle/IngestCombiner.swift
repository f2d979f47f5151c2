package import Elements
package import Evidence

/// What a process that reads the corpus keeps of it until it has been told: a reservoir that turns away what cannot be in
/// anybody's sample, and the counts of the blocks that are not over.
///
/// A window that is not in the lowest of one part of the stream is not in the lowest of all. So only what enters this
/// reservoir travels, and losing the reservoir costs no more than telling some of it again.
package struct IngestCombiner {
    private let identity: ShuffleIdentity
    private let reservoirName: String
    private let writer: UInt64
    private let limit: Int
    private let map: ShardMap
    private var reservoir: Reservoir
    private var blocks: [CorpusBlock: BlockCounts] = [:]
    /// By partition, the latest reading that codes have come of.
    private var readings: [CorpusPartition: Int] = [:]

    /// The largest segment or counts of one record, in bytes: below what brokers take by default.
    package static let usualLimit = 512 << 10

    /// Makes a combiner that has seen nothing.
    ///
    /// - Parameters:
    ///   - reservoir: The id of the reservoir node.
    ///   - writer: A number of the process.
    ///   - limit: About the most bytes of a record.
    package init(
        reservoir: String, settings: ReservoirSettings, coder: CoderIdentity, identity: ShuffleIdentity,
        writer: UInt64, limit: Int = usualLimit
    ) {
        reservoirName = reservoir
        self.identity = identity
        self.writer = writer
        self.limit = limit
        map = ShardMap(coder: coder, shards: identity.shards)
        self.reservoir = Reservoir(settings: settings, coder: coder)
    }

    /// The bytes that the reservoir takes.
    package var sampledBytes: Int { reservoir.residentBytes }

    /// The bytes that the reservoir and the counts of open blocks take.
    package var residentBytes: Int { sampledBytes + blocks.values.reduce(0) { $0 + $1.residentBytes } }

    /// The blocks that are not over.
    package var openBlocks: [CorpusBlock] { blocks.keys.sorted() }

    /// Counts and samples a batch of codes.
    ///
    /// The first codes of a later reading of a partition forget what was counted of its open blocks, which that reading
    /// counts from their start; what then still comes of an earlier one is passed over.
    ///
    /// - Throws: `ShuffleError` or `EvidenceError` for a batch that cannot be counted.
    package mutating func absorb(_ batch: CodeBatch, sharing: WorkSharing = .alone) throws {
        for (place, part) in try batch.parted(bySize: identity.block) where begins(place) {
            // Out of the table meanwhile, so that it is changed in place.
            var counts = blocks.removeValue(forKey: place.block) ?? BlockCounts(latents: reservoir.coder.latents)
            defer { blocks[place.block] = counts }
            try reservoir.absorb(part, counting: &counts, sharing: sharing)
        }
    }

    /// Whether codes are of the latest reading of their partition.
    private mutating func begins(_ place: ReadBlock) -> Bool {
        let partition = place.block.partition
        guard let latest = readings[partition], latest != place.reading else {
            readings[partition] = place.reading
            return true
        }
        guard place.reading > latest else { return false }
        // What has been sampled of it stays: that it is told twice is as good as once.
        blocks = blocks.filter { $0.key.partition != partition }
        readings[partition] = place.reading
        return true
    }

    /// Tells what has to be told since it was last told, record by record.
    ///
    /// - Parameter isOver: Whether a block is wholly told of, so that its counts need not be kept.
    package mutating func tell(
        sharing: WorkSharing = .alone, isOver: (CorpusBlock) -> Bool, to take: (ShuffleRecord) throws -> Void
    ) rethrows {
        for block in blocks.keys.filter(isOver) where blocks[block]?.isChanged == false { blocks[block] = nil }
        let map = map
        var changes = reservoir.takeChanges(shares: identity.shards, limit: limit, sharing: sharing) {
            map.shard(of: $0)
        }
        for shard in changes.indices {
            for piece in changes[shard] { try take(record(to: shard, .samples(piece))) }
            // They are many, and kept no longer than they are needed.
            changes[shard] = []
        }
        for block in openBlocks {
            guard var counts = blocks.removeValue(forKey: block) else { continue }
            defer { blocks[block] = counts }
            // Counts only grow, so that what has not changed need not be told again.
            guard counts.isChanged else { continue }
            try counts.takeChanged(shares: identity.shards, limit: limit, share: { map.shard(of: $0) }) {
                try take(record(to: $0, .counts(block, $1)))
            }
        }
    }

    /// Forgets what has been sampled, which then travels once more if it comes again; only right after `tell`.
    package mutating func startAnew() {
        reservoir = Reservoir(settings: reservoir.settings, coder: reservoir.coder)
    }

    private func record(to shard: Int, _ body: ShuffleRecord.Body) -> ShuffleRecord {
        ShuffleRecord(shard: shard, reservoir: reservoirName, writer: writer, body: body)
    }
}
