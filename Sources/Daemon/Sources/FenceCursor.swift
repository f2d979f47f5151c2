import Corpus
import Elements

/// How far each partition of a source has been read: drops what lies below its fence, remembers the last record.
struct FenceCursor {
    private let node: String
    /// The next offset of every partition read so far.
    private(set) var next: [PartitionKey: Int64] = [:]
    private var last: [PartitionKey: Fence.LastRecord] = [:]

    init(node: String, fences: [Fence]) {
        self.node = node
        for fence in fences where fence.source == node {
            let key = PartitionKey(topic: fence.topic, partition: fence.partition)
            next[key] = fence.next
            last[key] = fence.last
        }
    }

    /// Moves over a record; `false` for one that a checkpoint has already counted.
    mutating func advance(over record: RawRecord) -> Bool {
        let key = PartitionKey(topic: record.position.topic, partition: record.position.partition)
        guard record.position.offset >= next[key] ?? .min else { return false }
        next[key] = record.next
        last[key] = Fence.LastRecord(offset: record.position.offset, hash: record.valueHash)
        return true
    }

    /// Moves on past what is no record, such as a transaction's marker.
    mutating func advance(to positions: [PartitionKey: Int64]) {
        for (key, position) in positions { next[key] = max(next[key] ?? .min, position) }
    }

    /// The fences here.
    var fences: [Fence] {
        next.map { key, offset in
            Fence(source: node, topic: key.topic, partition: key.partition, next: offset, last: last[key])
        }.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }
}
