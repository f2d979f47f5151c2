package import Corpus
package import Elements

/// How far each partition of a source has been read: drops what lies below its fence, remembers the last record.
package struct FenceCursor {
    /// The last record of a partition; only the last one before a barrier is stored, so it is hashed at the barrier.
    private enum Last {
        case unhashed(RawRecord)
        case hashed(Fence.LastRecord)

        init(_ record: RawRecord) {
            let isSmall = record.value?.count ?? 0 <= FenceCursor.largestValueHeld
            self = isSmall ? .unhashed(record) : .hashed(record.counted)
        }

        var counted: Fence.LastRecord {
            switch self {
            case .unhashed(let record): record.counted
            case .hashed(let last): last
            }
        }
    }

    /// A larger value is hashed when it passes, so that many partitions of large records do not fill the memory.
    private static let largestValueHeld = 64 << 10

    private let node: String
    /// The next offset of every partition read so far.
    package private(set) var next: [PartitionKey: Int64] = [:]
    private var last: [PartitionKey: Last] = [:]

    package init(node: String, fences: [Fence]) {
        self.node = node
        for fence in fences where fence.source == node {
            let key = PartitionKey(of: fence)
            next[key] = fence.next
            last[key] = fence.last.map { .hashed($0) }
        }
    }

    /// Moves over a record; `false` for one that a checkpoint has already counted.
    package mutating func advance(over record: RawRecord) -> Bool {
        let key = PartitionKey(of: record)
        guard record.position.offset >= next[key] ?? .min else { return false }
        next[key] = record.next
        last[key] = Last(record)
        return true
    }

    /// Moves on past what is no record, such as a transaction's marker.
    package mutating func advance(to positions: [PartitionKey: Int64]) {
        for (key, position) in positions { next[key] = max(next[key] ?? .min, position) }
    }

    /// The fences here.
    package var fences: [Fence] {
        next.map { key, offset in
            Fence(
                source: node, topic: key.topic, partition: key.partition, next: offset, last: last[key]?.counted)
        }.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }
}

extension RawRecord {
    /// What a fence stores of the record.
    fileprivate var counted: Fence.LastRecord { Fence.LastRecord(offset: position.offset, hash: valueHash) }
}
