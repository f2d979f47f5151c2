import Elements
import Store

/// How far a state, or all of joined shares, have read.
enum ReportedFences {
    /// The fences by source, topic and partition; blocks.
    ///
    /// - Throws: `StoreError`, `unjoinable` if two shares read one partition, or partitions of two topics from one source.
    static func all(in reader: StoreReader) throws -> [Fence] {
        struct Place: Hashable { let source: String, partition: Int32 }
        var (fences, shares, topics) = ([Fence](), [Place: String](), [String: (topic: String, share: String)]())
        for part in reader.parts {
            for fence in try part.latestCheckpoint()?.fences ?? [] {
                fences.append(fence)
                guard !reader.shares.isEmpty else { continue }
                let place = Place(source: fence.source, partition: fence.partition)
                if let other = shares.updateValue(part.name, forKey: place), other != part.name {
                    throw StoreError.unjoinable(
                        path: reader.directory,
                        reason: "both \(other) and \(part.name) read partition \(fence.partition) of "
                            + "\(fence.topic), which one process does; look whether one folder is a copy of another")
                }
                if let known = topics[fence.source], known.share != part.name, known.topic != fence.topic {
                    throw StoreError.unjoinable(
                        path: reader.directory,
                        reason: "\(known.share) is told through the topic \(known.topic) and \(part.name) through "
                            + "\(fence.topic); let all processes read one topic")
                }
                topics[fence.source] = (fence.topic, part.name)
            }
        }
        return fences.sorted { ($0.source, $0.topic, $0.partition) < ($1.source, $1.topic, $1.partition) }
    }
}
