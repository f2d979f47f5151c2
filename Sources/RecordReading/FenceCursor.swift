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
    /// The contexts of the record at `next` that are counted already, if a fence to start after stands within it.
    private var contexts: [PartitionKey: Int] = [:]
    private var readings: [PartitionKey: Int] = [:]

    package init(node: String, fences: [Fence]) {
        self.node = node
        for fence in fences where fence.source == node {
            begin(fence)
        }
    }

    /// A partition is read from a fence on, whatever was read of it before.
    package mutating func begin(_ fence: Fence) {
        let key = PartitionKey(of: fence)
        next[key] = fence.next
        last[key] = fence.last.map { .hashed($0) }
        contexts[key] = fence.contexts > 0 ? fence.contexts : nil
        readings[key] = fence.reading
    }

    /// A partition is read no more, and has no fence.
    package mutating func end(_ partition: PartitionKey) {
        next[partition] = nil
        last[partition] = nil
        contexts[partition] = nil
        readings[partition] = nil
    }

    /// Moves over a record; `nil` for one that a checkpoint has already counted, else how many of its contexts one has.
    package mutating func advance(over record: RawRecord) -> Int? {
        let key = PartitionKey(of: record)
        let fence = next[key]
        guard record.position.offset >= fence ?? .min else { return nil }
        let counted = contexts.removeValue(forKey: key) ?? 0
        next[key] = record.next
        last[key] = Last(record)
        return record.position.offset == fence ? counted : 0
    }

    /// Moves on past what is no record, such as a transaction's marker.
    package mutating func advance(to positions: [PartitionKey: Int64]) {
        for (key, position) in positions where position > next[key] ?? .min {
            next[key] = position
            contexts[key] = nil
        }
    }

    /// The fences here.
    package var fences: [Fence] { fences(of: Set(next.keys)) }

    /// The fences of some partitions.
    package func fences(of partitions: Set<PartitionKey>) -> [Fence] {
        partitions.compactMap { key in
            next[key].map { offset in
                Fence(
                    source: node, topic: key.topic, partition: key.partition, next: offset, last: last[key]?.counted,
                    contexts: contexts[key] ?? 0, reading: readings[key] ?? 0)
            }
        }.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }
}

extension RawRecord {
    /// What a fence stores of the record.
    fileprivate var counted: Fence.LastRecord { Fence.LastRecord(offset: position.offset, hash: valueHash) }

    /// Where the record's partition stands after it, and within it.
    func place(counted contexts: Int) -> DocumentPlace {
        let record = counted
        return DocumentPlace(
            after: Fence(
                source: position.source, topic: position.topic, partition: position.partition, next: next, last: record,
                reading: reading),
            record: record, counted: contexts)
    }
}
