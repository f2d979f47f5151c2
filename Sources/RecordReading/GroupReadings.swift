import Elements
import Kafka

/// Which partitions a group has left to this process, and which reading of each is under way.
///
/// A group takes all partitions back before it deals them out anew. One that comes back at once is read on where it stood;
/// any other begins anew where the group has committed, as another reading, so that what is still under way of an earlier one
/// counts no more.
struct GroupReadings {
    /// Where a partition would be read by whoever has just got it.
    struct Place {
        let offset: Int64
        let isCommitted: Bool
    }

    /// What becomes of partitions when they are dealt out.
    struct Change {
        /// Those that are read no more.
        var ended: [TopicPartition] = []
        /// Those that begin anew, and the number of the reading.
        var begun: [(partition: TopicPartition, place: Place, reading: Int)] = []
        /// From where each is read.
        var offsets: [TopicPartition: Int64] = [:]
    }

    /// The reading of each partition that this process reads.
    private(set) var current: [TopicPartition: Int] = [:]
    private var count = 0

    /// The group leaves these partitions to the process.
    ///
    /// - Parameters:
    ///   - places: Each partition, and where somebody would read it who has just got it.
    ///   - positions: Up to where this process has read.
    mutating func deal(_ places: [TopicPartition: Place], positions: [TopicPartition: Int64]) -> Change {
        var change = Change()
        change.ended = current.keys.filter { places[$0] == nil }.sorted()
        for (partition, place) in places.sorted(by: { $0.key < $1.key }) {
            // Whoever has read on meanwhile has committed more than was read here.
            if current[partition] != nil, let position = positions[partition], position >= place.offset {
                change.offsets[partition] = position
                continue
            }
            count += 1
            current[partition] = count
            change.offsets[partition] = place.offset
            change.begun.append((partition, place, count))
        }
        for partition in change.ended { current[partition] = nil }
        return change
    }
}
