import Corpus
import Elements
import Kafka

/// What lies between a partition's fence and what the partition holds now.
struct FenceGap: Error {
    /// What happened to the topic, for a person: no "what to do".
    let reason: String
    /// The offset to go on from where the gap is accepted; `nil` where there is nothing left to read.
    let next: Int64?

    /// The gap that the ends of a partition show, if any.
    ///
    /// - Parameter marks: `nil` where the topic has no such partition any more.
    init?(_ fence: Fence, marks: Watermarks?) {
        guard let marks else {
            reason = "the topic was recreated with fewer partitions, and this one is gone"
            next = nil
            return
        }
        let stands = "the last checkpoint stands at offset \(fence.next)"
        if fence.next > marks.high {
            reason = "\(stands), but the topic ends at \(marks.high): it was recreated or truncated"
        } else if fence.next < marks.low {
            reason =
                "\(stands), but the oldest record kept is \(marks.low): records in between have been deleted unread"
        } else {
            return nil
        }
        next = marks.low
    }

    /// The gap that the last record counted shows where it is still held, if any.
    ///
    /// - Parameter hash: Of the record found at its offset; `nil` where there is none.
    init?(_ fence: Fence, last: Fence.LastRecord, hash: UInt64?) {
        guard hash != last.hash else { return nil }
        reason =
            "the record at offset \(last.offset) is not the one that the last checkpoint counted: the topic was recreated "
            + "with other records"
        next = fence.next
    }

    /// What a person is told who has not accepted the gap.
    func refusal(at partition: TopicPartition) -> DaemonError {
        let goingOn = next.map { "go on from offset \($0)" } ?? "go on without it"
        return DaemonError(
            .fence,
            """
            topic \(partition.topic), partition \(partition.partition): \(reason). Start with --accept-gap to \(goingOn); \
            the evidence is then marked inexact.
            """)
    }
}
