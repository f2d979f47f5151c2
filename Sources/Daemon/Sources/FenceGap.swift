import Elements

/// What lies between a partition's fence and what the partition holds now.
struct FenceGap: Error {
    /// What happened to the source's contents, for a person: no "what to do".
    let reason: String
    /// The offset to go on from if the gap is accepted; `nil` if there is nothing left to read.
    let next: Int64?

    private let partition: PartitionKey
    private let words: SourceWords

    /// The gap that the ends of a partition show, if any.
    ///
    /// - Parameter held: `nil` if the topic has no such partition any more.
    init?(_ fence: Fence, held: HeldOffsets?, words: SourceWords) {
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

    /// The gap that the last record counted shows if it is still held, if any.
    ///
    /// - Parameter hash: Of the record found at its offset; `nil` if there is none.
    init?(_ fence: Fence, last: Fence.LastRecord, hash: UInt64?, words: SourceWords) {
        guard hash != last.hash else { return nil }
        self.words = words
        partition = PartitionKey(of: fence)
        reason =
            "\(words.record) \(last.offset) is not the one that the last checkpoint counted: \(words.change)"
        next = fence.next
    }

    /// What a person is told who has not accepted the gap.
    var refusal: DaemonError {
        let goingOn = next.map { "go on from \(words.offset) \($0)\(words.regardless)" } ?? "go on without it"
        return DaemonError(
            .fence,
            "\(words.place(partition)): \(reason). Start with --accept-gap to \(goingOn); the evidence is then marked inexact."
        )
    }

    /// What a person is told who has accepted the gap.
    var notice: String {
        "\(partition.topic)/\(partition.partition): \(reason); going on, the evidence is inexact from now on"
    }
}

/// The offsets that a partition holds now.
struct HeldOffsets: Sendable, Hashable {
    /// The offset of the oldest record held.
    let first: Int64
    /// The offset after the newest record.
    let end: Int64

    /// Of a source whose ends say nothing: only a record can show that it is another.
    static let unknown = HeldOffsets(first: .min, end: .max)
}

/// How a kind of source speaks of its contents.
struct SourceWords: Sendable, Hashable {
    /// A record, in front of its offset.
    let record: String
    /// What an offset counts.
    let offset: String
    /// What happened if a record is another one.
    let change: String
    /// What is added to an offset at which a changed source would be read on.
    let regardless: String
    /// Whether the source has partitions that a person knows by number.
    let namesPartitions: Bool

    func place(_ partition: PartitionKey) -> String {
        namesPartitions ? "topic \(partition.topic), partition \(partition.partition)" : partition.topic
    }

    static let kafka = SourceWords(
        record: "the record at offset", offset: "offset", change: "the topic was recreated with other records",
        regardless: "", namesPartitions: true)
    static let file = SourceWords(
        record: "the line at byte", offset: "byte", change: "the file was changed", regardless: " all the same",
        namesPartitions: false)
    static let cache = SourceWords(
        record: "row", offset: "row", change: "the cache was made again", regardless: " all the same",
        namesPartitions: false)
}
