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

    /// Makes a check of what is given.
    public init(damaged: [Damage] = [], sound: Int = 0, unchecked: Int = 0) {
        self.damaged = damaged
        self.sound = sound
        self.unchecked = unchecked
    }
}

extension StoreReading {
    /// The base and the segments of a node, by epoch and in the order in which they were given.
    ///
    /// Those of joined shares follow each other: a reservoir that merges them all holds the latents of all.
    ///
    /// Throws `damagedSegment` if the bytes of one are not those that were stored.
    public func segments(of node: String) throws(StoreError) -> [StoredSegment] {
        let parts = try connection.readEach { database, path in
            try SegmentRow.all(of: node, in: database).map { try StoredSegment($0, in: database, path: path) }
        }
        return parts.flatMap(\.self)
    }

    /// Shows the base and the segments of a node one after the other, so that no two are in memory.
    ///
    /// - Throws: What `show` throws, and `damagedSegment` likewise.
    public func forEachSegment(of node: String, _ show: (StoredSegment) throws -> Void) throws {
        var fault: (any Error)?
        _ = try connection.readEach { database, path in
            for row in try SegmentRow.all(of: node, in: database) where fault == nil {
                let segment = try StoredSegment(row, in: database, path: path)
                // Not thrown from here, where every error becomes one of the store.
                do { try show(segment) } catch { fault = error }
            }
        }
        if let fault { throw fault }
    }

    /// The bytes of the base and the segments of a node.
    public func segmentBytes(of node: String) throws(StoreError) -> Int {
        try connection.readEach { database, _ in
            try SegmentRow.all(of: node, in: database).reduce(0) { $0 + (try $1.byteCount(in: database)) }
        }.reduce(0, +)
    }

    /// Compares the bytes of every segment with their checksums, part by part; reads all of them.
    public func checkSegments() throws(StoreError) -> SegmentCheck {
        let parts = try connection.readEach { database, path -> SegmentCheck in
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
        return connection.shares.isEmpty ? parts[0] : SegmentCheck(joining: parts, of: connection.shares.map(\.name))
    }
}

extension SegmentCheck {
    /// What looks at several shares found, each damage with the name of its share.
    fileprivate init(joining checks: [SegmentCheck], of shares: [String]) {
        damaged = zip(shares, checks).flatMap { share, check in
            check.damaged.map { Damage(node: $0.node, epoch: $0.epoch, reason: "in \(share): \($0.reason)") }
        }
        sound = checks.reduce(0) { $0 + $1.sound }
        unchecked = checks.reduce(0) { $0 + $1.unchecked }
    }
}

extension StoredSegment {
    /// Reads all parts of a row.
    fileprivate init(_ row: SegmentRow, in database: Database, path: String) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(try row.byteCount(in: database))
        try row.eachPart(in: database, path: path) { bytes.append(contentsOf: $0) }
        self.init(epoch: row.epoch, isBase: row.isBase, bytes: bytes)
    }
}
