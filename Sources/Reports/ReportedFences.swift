import Elements
import Store

/// How far a state, or all of joined shares, have read.
enum ReportedFences {
    /// The fences by source, topic and partition.
    ///
    /// - Parameter parts: The state of one process, or all shares in a directory.
    /// - Throws: `unjoinable` if two shares read one partition, or partitions of two topics from one source.
    static func all(of parts: [ReportedShare], in directory: String) throws(StoreError) -> [Fence] {
        struct Place: Hashable { let source: String, partition: Int32 }
        var (fences, shares, topics) = ([Fence](), [Place: String](), [String: (topic: String, share: String)]())
        for part in parts {
            for fence in part.fences {
                fences.append(fence)
                guard parts.count > 1 else { continue }
                let place = Place(source: fence.source, partition: fence.partition)
                if let other = shares.updateValue(part.name, forKey: place), other != part.name {
                    throw .unjoinable(
                        path: directory,
                        reason: "both \(other) and \(part.name) read partition \(fence.partition) of "
                            + "\(fence.topic), which one process does; look whether one folder is a copy of another")
                }
                if let known = topics[fence.source], known.share != part.name, known.topic != fence.topic {
                    throw .unjoinable(
                        path: directory,
                        reason: "\(known.share) is told through the topic \(known.topic) and \(part.name) through "
                            + "\(fence.topic); let all processes read one topic")
                }
                topics[fence.source] = (fence.topic, part.name)
            }
        }
        return fences.sorted { ($0.source, $0.topic, $0.partition) < ($1.source, $1.topic, $1.partition) }
    }
}
