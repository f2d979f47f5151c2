// What a consumer does that is a member of a group: the brokers deal out partitions, and the reader says from where they are
// read.

extension ConsumerBuffer {
    /// What the group has said last.
    struct Dealing {
        /// Counts how often partitions were given or taken.
        var number = 0
        /// What the reader has not been given yet.
        var untold: GroupAssignment?
        /// Whether partitions are being dealt out, or the reader has not said yet from where they are read.
        var isUnderWay = true
        /// Whether the member waits for the group to say what it leaves to it.
        var isAwaited = false
        /// The topics that the poll thread has not asked for yet.
        var subscription: [String]?
    }

    /// Asks for a part of some topics' partitions.
    mutating func join(_ topics: [String]) {
        dealing.subscription = topics
        dealing.isAwaited = true
    }

    /// Whether the group has yet to say what it leaves to the member.
    var waitsForGroup: Bool { dealing.isAwaited && ending == nil }

    /// The group leaves these partitions to the consumer, which reads none of them until the reader has answered.
    ///
    /// - Returns: Whether a reader is left that can answer.
    mutating func deal(_ partitions: [TopicPartition]) -> Bool {
        guard ending == nil else { return false }
        forget()
        dealing.number += 1
        dealing.isUnderWay = true
        dealing.isAwaited = false
        dealing.untold = GroupAssignment(number: dealing.number, partitions: partitions.sorted())
        return true
    }

    /// The group takes all partitions back, to deal them out anew.
    mutating func withdraw() {
        guard ending == nil else { return }
        forget()
        dealing.number += 1
        dealing.isUnderWay = true
        dealing.isAwaited = true
        dealing.untold = nil
        pendingAssignment = nil
    }

    /// The reader says from where the partitions of an assignment are read.
    ///
    /// - Returns: Whether it still stands; if not, nothing has changed.
    mutating func answer(_ assignment: GroupAssignment, from offsets: [TopicPartition: Int64]) -> Bool {
        guard ending == nil, dealing.isUnderWay, assignment.number == dealing.number else { return false }
        dealing.isUnderWay = false
        begin(offsets)
        return true
    }
}
