import Elements
import Kafka
import Running

/// The part of its topics' partitions that a Kafka source reads, where other processes read the others.
package struct KafkaPart: Sendable {
    /// Where reading of a partition starts.
    package struct Start: Sendable, Hashable {
        /// The partition.
        package let partition: PartitionKey
        /// The first offset that is read.
        package let offset: Int64
        /// Whether it is what the group has committed.
        package let isCommitted: Bool
        /// Which reading of the partition it is, as fences name it.
        package let reading: Int

        init(partition: PartitionKey, offset: Int64, isCommitted: Bool, reading: Int = 0) {
            self.partition = partition
            self.offset = offset
            self.isCommitted = isCommitted
            self.reading = reading
        }
    }

    /// Whether the group deals out the partitions, among all processes that run.
    let isDealtByGroup: Bool
    /// Whether a partition is read, by its number.
    let takes: @Sendable (Int32) -> Bool
    /// The number of partitions that a topic must have; `nil` for any.
    let count: Int?
    /// Whether reading goes on from what the group has committed, where no checkpoint says where.
    let goesOnFromCommitted: Bool
    /// Whether a partition that has no fence must hold its first record still.
    let wantsWhole: Bool
    /// Told where reading starts.
    let onStart: @Sendable ([Start]) -> Void
    /// Told which partitions others read from now on.
    let onEnd: @Sendable ([PartitionKey]) -> Void

    /// Makes a part; without arguments it is the whole.
    package init(
        isDealtByGroup: Bool = false, takes: @escaping @Sendable (Int32) -> Bool = { _ in true }, count: Int? = nil,
        goesOnFromCommitted: Bool = false, wantsWhole: Bool = false,
        onStart: @escaping @Sendable ([Start]) -> Void = { _ in },
        onEnd: @escaping @Sendable ([PartitionKey]) -> Void = { _ in }
    ) {
        self.isDealtByGroup = isDealtByGroup
        self.takes = takes
        self.count = count
        self.goesOnFromCommitted = goesOnFromCommitted
        self.wantsWhole = wantsWhole
        self.onStart = onStart
        self.onEnd = onEnd
    }

    /// The partitions of the part.
    ///
    /// - Throws: `DaemonError` if there are too many or too few, or none for this process.
    func chosen(of all: [TopicPartition], by node: String) throws -> [TopicPartition] {
        let topics = Dictionary(grouping: all, by: \.topic)
        if let count, let (topic, partitions) = topics.first(where: { $0.value.count != count }) {
            throw DaemonError(
                .configuration, "\(node): \(Self.mismatch(of: topic, partitions.count, shards: count))")
        }
        let chosen = all.filter { takes($0.partition) }
        guard !chosen.isEmpty || all.isEmpty else {
            throw DaemonError(
                .configuration,
                "\(node): \(topics.keys.sorted().joined(separator: ", ")) has \(all.count) partitions, none of which is "
                    + "left for this process: start fewer (a smaller --of)")
        }
        return chosen
    }

    /// What is wrong with a topic between processes that has not a partition for each shard, and what to do.
    package static func mismatch(of topic: String, _ partitions: Int, shards: Int) -> String {
        "the topic \(topic) has \(partitions) partitions, but `shards` of `shuffle` is \(shards): make another topic, with "
            + "\(shards) partitions"
    }

    /// Makes sure that topics hold up to where the group has committed.
    ///
    /// Of one that does not, the others have been told of offsets that now are other records, which would pass for repeats:
    /// no gap that can be accepted.
    ///
    /// - Throws: `DaemonError` for such a topic.
    func checkCommitted(_ fences: [Fence], _ marks: [TopicPartition: Watermarks], by node: String) throws {
        for fence in fences {
            let partition = PartitionKey(of: fence).topicPartition
            guard let high = marks[partition]?.high, fence.next > high else { continue }
            throw DaemonError(
                .fence,
                "\(node): topic \(fence.topic), partition \(fence.partition): processes have told of it up to offset "
                    + "\(fence.next), but the topic ends at \(high): it was recreated or truncated. Name another topic under "
                    + "`shuffle`, in the files of all processes, so that everything is told anew.")
        }
    }

    /// Makes sure that what has to be read from its beginning still begins there.
    ///
    /// - Parameter fresh: The partitions that are read for the first time.
    /// - Throws: `DaemonError` if records have been deleted and that is not accepted.
    func checkStart(
        of fresh: [TopicPartition], _ marks: [TopicPartition: Watermarks], _ check: FenceCheck
    ) throws {
        guard wantsWhole else { return }
        for partition in fresh.sorted() {
            guard let low = marks[partition]?.low, low > 0 else { continue }
            let what =
                "topic \(partition.topic), partition \(partition.partition): the state begins anew, but the oldest record kept "
                + "is \(low): what was told before has been deleted"
            guard check.acceptsGap else {
                throw DaemonError(
                    .fence,
                    "\(what). Restore the state directory, or start with --accept-gap; the evidence is then marked inexact."
                )
            }
            try check.onGap("\(what); going on, the evidence is inexact from now on")
        }
    }
}
