import Elements
package import Evidence
package import Records

/// Merges what processes that read the corpus tell the owner of some shares of a reservoir's latents.
///
/// Samples and pool merge in any order and any number of times. Counts come by blocks: within a block each count only
/// grows, so the larger one of two stands for both, whoever has read how much of the block before it was killed. A block
/// is over once a mark says to each share that all of it has been told; what comes of it after that is a repeat.
package struct ShardMerge: Sendable {
    /// What became of a record.
    package enum Outcome: Sendable {
        /// It was merged; so many tokens had not been counted before.
        case merged(tokens: UInt64)
        /// It was of blocks that are over, and changed nothing.
        case repeated
        /// Something is missing before it; it changed nothing.
        case gap(ShuffleGap)
        /// Something is missing before it, and it was merged all the same, since that is accepted.
        case bridged(ShuffleGap)
        /// It cannot be merged; it changed nothing.
        case refused(RecordFault)
    }

    private let identity: ShuffleIdentity
    private let map: ShardMap
    private let owned: OwnedShards
    private let shards: [Int]
    /// Whether to go on where something is missing; whoever does so has marked the evidence as inexact.
    private let acceptsGap: Bool
    private(set) var partitions: [CorpusPartition: PartitionLedger] = [:]
    /// Whether anything has changed since the ledger was last written.
    private(set) var isChanged = false

    /// Makes a merge that has been told nothing.
    ///
    /// - Parameter restoring: What `segment()` gave an earlier process; `nil` for none.
    /// - Throws: `RecordFault` if that is damaged.
    package init(
        identity: ShuffleIdentity, map: ShardMap, owned: OwnedShards, acceptsGap: Bool = false,
        restoring: [UInt8]? = nil
    ) throws(RecordFault) {
        self.identity = identity
        self.map = map
        self.owned = owned
        self.acceptsGap = acceptsGap
        shards = owned.shards(of: identity.shards)
        if let restoring { partitions = try LedgerBytes.read(restoring, latents: Int(Int32.max)) }
    }

    /// How far each partition of the corpus has been counted by somebody.
    package var reached: [CorpusPartition: Int64] { partitions.mapValues(\.reached) }

    /// Merges one record into the reservoir, whose counts are those of all records merged so far.
    package mutating func apply(
        _ record: ShuffleRecord, into reservoir: inout Reservoir, sharing: WorkSharing = .alone
    ) -> Outcome {
        guard owned.contains(record.shard) else {
            return .refused(
                RecordFault(
                    .foreign, field: "shard", found: "\(record.shard)",
                    expected: "one of \(shards.map(String.init).joined(separator: ", "))"))
        }
        switch record.body {
        case .samples(let changes): return merge(changes, of: record.shard, into: &reservoir, sharing)
        case .counts(let block, let counts): return merge(counts, of: block, for: record.shard, into: &reservoir)
        case .marks(let marks): return take(marks, for: record.shard)
        case .letter: return .merged(tokens: 0)
        }
    }

    private func merge(
        _ changes: [UInt8], of shard: Int, into reservoir: inout Reservoir, _ sharing: WorkSharing
    ) -> Outcome {
        do throws(EvidenceError) {
            try reservoir.take(changes: changes, sharing: sharing) { map.shard(of: $0) == shard }
            return .merged(tokens: 0)
        } catch {
            return .refused(
                RecordFault(.wrongShape, field: "samples", found: "unreadable (\(error))", expected: "a segment"))
        }
    }

    private mutating func merge(
        _ counts: StreamCounts, of block: CorpusBlock, for shard: Int, into reservoir: inout Reservoir
    ) -> Outcome {
        guard block.first % identity.block == 0 else {
            return .refused(
                RecordFault(
                    .wrongShape, field: "block", found: "\(block.first)",
                    expected: "a multiple of \(identity.block)"))
        }
        if let foreign = counts.fired.first(where: { map.shard(of: $0) != shard }) {
            return .refused(
                RecordFault(
                    .wrongShape, field: "counts", found: "latent \(foreign)", expected: "latents of shard \(shard)"))
        }
        if let told = partitions[block.partition]?.told[shard], block.end(size: identity.block) <= told {
            return .repeated
        }
        // In place: the counts of a block can be many.
        let growth = partitions[block.partition, default: PartitionLedger()]
            .open[block.first, default: StreamCounts()].grow(to: counts)
        isChanged = true
        reservoir.add(growth)
        return .merged(tokens: growth.totals.tokens)
    }

    private mutating func take(_ marks: [ShuffleMark], for shard: Int) -> Outcome {
        let gap = marks.compactMap { self.gap(before: $0, for: shard) }.first
        if let gap, !acceptsGap { return .gap(gap) }
        var isNew = false
        for mark in marks {
            var ledger = partitions[mark.partition] ?? PartitionLedger()
            let told = max(mark.from, CorpusBlock.first(of: mark.next, size: identity.block))
            guard ledger.told[shard].map({ told > $0 }) ?? true || mark.next > ledger.reached else { continue }
            isNew = true
            ledger.told[shard] = max(ledger.told[shard] ?? told, told)
            ledger.reached = max(ledger.reached, mark.next)
            if let all = ledger.told(to: shards) {
                ledger.open = ledger.open.filter { first, _ in
                    CorpusBlock(partition: mark.partition, first: first).end(size: identity.block) > all
                }
            }
            partitions[mark.partition] = ledger
        }
        isChanged = isChanged || isNew
        if let gap { return .bridged(gap) }
        return isNew ? .merged(tokens: 0) : .repeated
    }

    private func gap(before mark: ShuffleMark, for shard: Int) -> ShuffleGap? {
        let told = partitions[mark.partition]?.told[shard]
        guard told.map({ mark.from > $0 }) ?? !mark.isFirst else { return nil }
        return ShuffleGap(partition: mark.partition, shard: shard, told: told, from: mark.from)
    }

    /// The ledger in bytes if it has changed since this was last asked; else `nil`.
    ///
    /// - Throws: `RecordFault` if the name of a topic is longer than 64 KiB.
    package mutating func segment() throws(RecordFault) -> [UInt8]? {
        guard isChanged else { return nil }
        let bytes = try LedgerBytes.written(partitions)
        isChanged = false
        return bytes
    }

    /// The whole ledger in bytes.
    package func wholeSegment() throws(RecordFault) -> [UInt8] { try LedgerBytes.written(partitions) }
}
