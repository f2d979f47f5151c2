package import Elements
package import Running

/// What lies between a partition's fence and what the partition holds now.
package struct FenceGap: Error {
    /// What happened to the source's contents, for a person: no "what to do".
    package let reason: String
    /// The offset to go on from if the gap is accepted; `nil` if there is nothing left to read.
    package let next: Int64?

    private let partition: PartitionKey
    private let words: SourceWords
    /// How reading goes on if the gap is accepted, where `next` does not say it.
    private var remedy: String?

    /// The gap that the ends of a partition show, if any.
    ///
    /// - Parameter held: `nil` if the topic has no such partition any more.
    package init?(_ fence: Fence, held: HeldOffsets?, words: SourceWords) {
        self.words = words
        partition = PartitionKey(of: fence)
        guard let held else {
            reason = "the topic was recreated with fewer partitions, and this one is gone"
            next = nil
            return
        }
        let stands = "the last checkpoint stands at offset \(fence.next)"
        if fence.next > held.end {
            reason = "\(stands), but the topic ends at \(held.end): it was recreated or truncated"
        } else if fence.next < held.first {
            reason =
                "\(stands), but the oldest record kept is \(held.first): records in between have been deleted unread"
        } else {
            return nil
        }
        next = held.first
    }

    /// The gap that a reader has run into which stands beyond the end of a partition.
    ///
    /// - Parameter position: The next offset that has not been read.
    package init?(read position: Int64, of partition: PartitionKey, held: HeldOffsets, words: SourceWords) {
        guard position > held.end else { return nil }
        self.words = words
        self.partition = partition
        reason =
            "it has been read up to \(words.offset) \(position), but the topic ends at \(held.end): "
            + "it was recreated or truncated while it was read"
        next = held.first
    }

    /// The gap at an offset that a broker has refused to give.
    package init(refused offset: Int64?, of partition: PartitionKey, words: SourceWords) {
        self.words = words
        self.partition = partition
        let place = offset.map { " \(words.offset) \($0)" } ?? " an \(words.offset)"
        reason =
            "reading stands at\(place), which the topic does not hold: it was recreated or truncated while it was read, "
            + "or its retention has deleted records unread"
        next = nil
        remedy = "go on with what it holds"
    }

    /// The gap that the last record counted shows if it is still held, if any.
    ///
    /// - Parameters:
    ///   - hash: Of the record found at its offset; `nil` if there is none.
    ///   - next: Where reading can go on.
    package init?(_ fence: Fence, last: Fence.LastRecord, hash: UInt64?, next: Int64, words: SourceWords) {
        guard hash != last.hash else { return nil }
        self.words = words
        partition = PartitionKey(of: fence)
        reason =
            "\(words.record) \(last.offset) is not the one that the last checkpoint counted: \(words.change)"
        self.next = next
    }

    /// What a person is told who has not accepted the gap.
    package var refusal: DaemonError {
        let goingOn = remedy ?? next.map { "go on from \(words.offset) \($0)\(words.regardless)" } ?? "go on without it"
        return DaemonError(
            .fence,
            "\(words.place(partition)): \(reason). Start with --accept-gap to \(goingOn); the evidence is then marked inexact."
        )
    }

    /// What a person is told who has accepted the gap.
    package var notice: String {
        "\(partition.topic)/\(partition.partition): \(reason); going on, the evidence is inexact from now on"
    }
}

/// The offsets that a partition holds now.
package struct HeldOffsets: Sendable, Hashable {
    /// The offset of the oldest record held.
    package let first: Int64
    /// The offset after the newest record.
    package let end: Int64

    /// Of a source whose ends say nothing: only a record can show that it is another.
    package static let unknown = HeldOffsets(first: .min, end: .max)
}

/// How a kind of source speaks of its contents.
package struct SourceWords: Sendable, Hashable {
    /// A record, in front of its offset.
    package let record: String
    /// What an offset counts.
    package let offset: String
    /// What happened if a record is another one.
    package let change: String
    /// What is added to an offset at which a changed source would be read on.
    package let regardless: String
    /// Whether the source has partitions that a person knows by number.
    package let namesPartitions: Bool

    package func place(_ partition: PartitionKey) -> String {
        namesPartitions ? "topic \(partition.topic), partition \(partition.partition)" : partition.topic
    }

    package static let kafka = SourceWords(
        record: "the record at offset", offset: "offset", change: "the topic was recreated with other records",
        regardless: "", namesPartitions: true)
    package static let file = SourceWords(
        record: "the line at byte", offset: "byte", change: "the file was changed", regardless: " all the same",
        namesPartitions: false)
    package static let records = SourceWords(
        record: "the record at byte", offset: "byte", change: "the file was changed", regardless: " all the same",
        namesPartitions: false)
    package static let cache = SourceWords(
        record: "row", offset: "row", change: "the cache was made again", regardless: " all the same",
        namesPartitions: false)
}
