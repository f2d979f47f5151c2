/// The partitions that a group has left to one of its members.
public struct GroupAssignment: Hashable, Sendable {
    /// Counts how often partitions were given to this member or taken from it.
    public let number: Int
    /// The partitions, in order; none if there are more members than partitions.
    public let partitions: [TopicPartition]

    /// Makes an assignment.
    public init(number: Int, partitions: [TopicPartition]) {
        self.number = number
        self.partitions = partitions
    }
}
