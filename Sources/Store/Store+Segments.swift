import GRDB

/// What a look at every stored segment found.
public struct SegmentCheck: Sendable, Hashable {
    /// A segment that is not what was written.
    public struct Damage: Sendable, Hashable {
        /// The node whose segment it is.
        public let node: String
        /// Its checkpoint's epoch.
        public let epoch: UInt64
        /// What is wrong with it.
        public let reason: String
    }

    /// The damaged ones, by node and epoch.
    public let damaged: [Damage]
    /// Those that are what their checksums say.
    public let sound: Int
    /// Those that an earlier version wrote, which gave them no checksum.
    public let unchecked: Int
}

extension StoreReading {
    /// The base and the segments of a node, by epoch and in the order in which they were given.
    ///
    /// Throws `damagedSegment` if the bytes of one are not those that were stored.
    public func segments(of node: String) throws(StoreError) -> [StoredSegment] {
        let path = connection.path
        return try connection.read { database in
            try SegmentRow.all(of: node, in: database).map { row in
                var bytes: [UInt8] = []
                try row.eachPart(in: database, path: path) { bytes.append(contentsOf: $0) }
                return StoredSegment(epoch: row.epoch, isBase: row.isBase, bytes: bytes)
            }
        }
    }

    /// The bytes of the base and the segments of a node.
    public func segmentBytes(of node: String) throws(StoreError) -> Int {
        try connection.read { database in
            try SegmentRow.all(of: node, in: database).reduce(0) { $0 + (try $1.byteCount(in: database)) }
        }
    }

    /// Compares the bytes of every segment with their checksums, part by part; reads all of them.
    public func checkSegments() throws(StoreError) -> SegmentCheck {
        let path = connection.path
        return try connection.read { database in
            var damaged: [SegmentCheck.Damage] = []
            var (sound, unchecked) = (0, 0)
            for row in try SegmentRow.all(of: nil, in: database) {
                do {
                    let isChecked = try row.eachPart(in: database, path: path) { _ in }
                    if isChecked { sound += 1 } else { unchecked += 1 }
                } catch StoreError.damagedSegment(_, let node, let epoch, let reason) {
                    damaged.append(SegmentCheck.Damage(node: node, epoch: epoch, reason: reason))
                }
            }
            return SegmentCheck(damaged: damaged, sound: sound, unchecked: unchecked)
        }
    }
}

extension Store {
    func insertSegment(_ bytes: [UInt8], node: String, epoch: Int64, into database: Database) throws {
        var writer = try SegmentWriter(
            node: node, epoch: epoch, isBase: false, partLength: partLength, into: database)
        try writer.add(bytes) { try $0(database) }
        try writer.complete(in: database)
    }
}
