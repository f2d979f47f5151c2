package import Elements

/// A partition of a source of the corpus.
package struct CorpusPartition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The source node's id.
    package let source: String
    /// The topic.
    package let topic: String
    /// The partition's number.
    package let partition: Int32

    /// Makes a partition.
    package init(source: String, topic: String, partition: Int32) {
        self.source = source
        self.topic = topic
        self.partition = partition
    }

    /// The partition that a fence stands in.
    package init(of fence: Fence) { self.init(source: fence.source, topic: fence.topic, partition: fence.partition) }

    package static func < (left: CorpusPartition, right: CorpusPartition) -> Bool {
        (left.source, left.topic, left.partition) < (right.source, right.topic, right.partition)
    }

    /// The topic and the number.
    package var description: String { "\(topic)/\(partition)" }
}

/// The offsets of a partition that are counted together: from a multiple of the block's size up to the next one.
///
/// Every process parts a partition in the same way, so that a block which is read again counts the same again.
package struct CorpusBlock: Sendable, Hashable, Comparable {
    /// The partition.
    package let partition: CorpusPartition
    /// Its first offset.
    package let first: Int64

    /// Makes a block.
    package init(partition: CorpusPartition, first: Int64) {
        self.partition = partition
        self.first = first
    }

    /// The block of the record that a context is of, by where its partition stands after it.
    package init(after fence: Fence, size: Int64) {
        let offset = fence.contexts > 0 ? fence.next : max(0, fence.next - 1)
        self.init(partition: CorpusPartition(of: fence), first: Self.first(of: offset, size: size))
    }

    /// The first offset of the block that an offset is in.
    package static func first(of offset: Int64, size: Int64) -> Int64 { max(0, offset) / max(1, size) * max(1, size) }

    /// The offset after its last one.
    package func end(size: Int64) -> Int64 {
        let (end, overflows) = first.addingReportingOverflow(size)
        return overflows ? .max : end
    }

    package static func < (left: CorpusBlock, right: CorpusBlock) -> Bool {
        (left.partition, left.first) < (right.partition, right.first)
    }
}
