package import Elements

/// Which offsets of the corpus belong to which block, how far each partition is told of, and what may be committed.
///
/// A partition's committed offset is where its first block begins that is not wholly told of: a process that goes on from
/// there counts every block from its start, as all do.
package struct BlockLedger: Sendable {
    private struct Place {
        /// Where this process began, or where its first block that is not over begins.
        var from: Int64
        /// Whether nobody had committed an offset when it began, and nothing of it has been acknowledged.
        var isFirst: Bool
        /// Up to where everything has been acknowledged.
        var acknowledged: Int64
        /// The reading of the partition that all this is said of.
        let reading: Int
    }

    /// The offsets of a block.
    package let size: Int64
    private var places: [CorpusPartition: Place] = [:]

    /// Makes a ledger of no partition yet.
    package init(size: Int64) { self.size = max(1, size) }

    /// A partition is read from an offset on; what was known of it counts no more.
    ///
    /// - Parameters:
    ///   - isFirst: Whether nobody has committed an offset of it.
    ///   - reading: Which reading of the partition it is: fences of others say nothing from now on.
    package mutating func begin(_ partition: CorpusPartition, at offset: Int64, isFirst: Bool, reading: Int = 0) {
        places[partition] = Place(from: offset, isFirst: isFirst, acknowledged: offset, reading: reading)
    }

    /// A partition is read no more: nothing of it is committed from now on.
    package mutating func end(_ partition: CorpusPartition) { places[partition] = nil }

    /// What is told of partitions that have been counted up to these fences; nothing of those that are not read, or that
    /// stand where they stood when they were told of last.
    package func marks(at fences: [Fence]) -> [ShuffleMark] {
        fences.compactMap { fence in
            guard let place = place(of: fence), fence.next >= place.from,
                place.isFirst || fence.next > place.acknowledged
            else { return nil }
            return ShuffleMark(
                partition: CorpusPartition(of: fence), from: place.from, next: fence.next, isFirst: place.isFirst)
        }.sorted { $0.partition < $1.partition }
    }

    /// All that was told up to these fences has been acknowledged.
    package mutating func acknowledge(_ fences: [Fence]) {
        for fence in fences {
            guard var place = place(of: fence), fence.next >= place.acknowledged else { continue }
            place.acknowledged = fence.next
            place.from = max(place.from, CorpusBlock.first(of: fence.next, size: size))
            place.isFirst = false
            places[CorpusPartition(of: fence)] = place
        }
    }

    private func place(of fence: Fence) -> Place? {
        places[CorpusPartition(of: fence)].flatMap { $0.reading == fence.reading ? $0 : nil }
    }

    /// Where the partitions of some fences may be committed; nothing for those that are not read, or not acknowledged.
    package func committable(_ fences: [Fence]) -> [Fence] {
        fences.compactMap { fence in
            guard let place = place(of: fence), !place.isFirst else { return nil }
            // With the last record counted, which shows a topic that is made anew while it is read.
            return Fence(
                source: fence.source, topic: fence.topic, partition: fence.partition, next: place.from,
                last: fence.last)
        }
    }

    /// Whether a block is wholly told of, or of a partition that is not read.
    package func isOver(_ block: CorpusBlock) -> Bool {
        guard let place = places[block.partition] else { return true }
        return block.end(size: size) <= place.acknowledged
    }
}
