public import Elements
import Hashing

/// One record as its source gave it, not yet decoded.
public struct RawRecord: Sendable, Hashable {
    /// Its position in its source.
    public let position: RecordPosition
    /// The offset at which reading goes on after it, as stored by a fence.
    public let next: Int64
    /// Which reading of its partition it came with, as fences name it.
    public let reading: Int
    /// Its time, in milliseconds since 1970.
    public private(set) var timestamp: Int64
    /// Its key, if it has one.
    public let key: [UInt8]?
    /// Its bytes; `nil` for a null value, and only the first ones if it was too large to hold.
    public let value: [UInt8]?
    /// The size of the whole value in bytes: more than `value` holds if it was too large.
    public let valueSize: Int
    /// SipHash-64 of the whole value under the key (0, 0), if the reader had to compute it while reading.
    private let hashOfWhole: UInt64?

    /// Makes a record whose value is whole; without `next` reading goes on at the following offset, as in Kafka.
    public init(
        position: RecordPosition, next: Int64? = nil, reading: Int = 0, timestamp: Int64, key: [UInt8]?, value: [UInt8]?
    ) {
        self.position = position
        self.reading = reading
        self.next = next ?? (position.offset < .max ? position.offset + 1 : .max)
        self.timestamp = timestamp
        self.key = key
        self.value = value
        valueSize = value?.count ?? 0
        hashOfWhole = nil
    }

    init(position: RecordPosition, timestamp: Int64, line: Line) {
        self.position = position
        next = line.next
        reading = 0
        self.timestamp = timestamp
        key = nil
        value = line.bytes
        valueSize = line.size
        hashOfWhole = line.hashOfWhole
    }

    /// The record with another time, in milliseconds since 1970.
    public func dated(_ timestamp: Int64) -> RawRecord {
        var record = self
        record.timestamp = timestamp
        return record
    }

    /// SipHash-64 of the whole value's bytes under the fixed key (0, 0), as `Fence.LastRecord` stores it.
    ///
    /// A null value hashes as an empty one.
    public var valueHash: UInt64 {
        if let hashOfWhole { return hashOfWhole }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
        value?.withUnsafeBytes { hasher.update(rawBytes: $0) }
        return hasher.finalize64()
    }
}
