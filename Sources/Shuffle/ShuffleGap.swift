/// What is missing between what the owner of a share has been told of a partition and what it is told next.
package struct ShuffleGap: Error, Sendable, Hashable, CustomStringConvertible {
    /// The partition of the corpus.
    package let partition: CorpusPartition
    /// The share.
    package let shard: Int
    /// The offset below which everything has been told; `nil` if nothing has.
    package let told: Int64?
    /// The offset from which on it is told next.
    package let from: Int64

    /// What is missing and why that can be.
    package var description: String {
        guard let told else {
            return "shard \(shard) is told of \(partition) from offset \(from) on, and what came before is not in the "
                + "shuffle topic: it was made anew or its retention has deleted records, while the group's offsets stayed"
        }
        return "shard \(shard) has been told of \(partition) up to offset \(told), and is told next from \(from) on: "
            + "records in between are not in the shuffle topic, or were refused"
    }
}
