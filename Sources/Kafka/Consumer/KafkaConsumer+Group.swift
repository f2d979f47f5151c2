// A member of a group: the brokers deal out the partitions of some topics among all members.

extension KafkaConsumer {
    /// Joins the group: of some topics it then reads the partitions that the group leaves to this consumer.
    ///
    /// Each time that these change, `batches` gives a batch with an `assignment`, and no records until `read` has answered it.
    public func join(_ topics: [String]) { core.join(topics) }

    /// Says from where the partitions of an assignment are read; those without an offset are not read.
    ///
    /// - Returns: Whether the assignment still stands; if not, the next one comes with the batches.
    public func read(_ assignment: GroupAssignment, from offsets: [TopicPartition: Int64]) -> Bool {
        core.answer(assignment, from: offsets)
    }

    /// Whether the group deals out partitions, or nobody has said yet from where they are read.
    public var isBeingDealt: Bool { core.isBeingDealt }

    /// Ends the sequence and stays a member, so that offsets can still be committed, until it is closed.
    public func finish() { core.finish() }
}
