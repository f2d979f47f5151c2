import Foundation
import GRDB
import Hashing

/// A row of the table `segment`, and how its bytes are read and checked.
struct SegmentRow {
    let id: Int64
    let node: String
    let epoch: UInt64
    let isBase: Bool
    /// The rows that hold its bytes; `nil` if an earlier version wrote it, which did not count them.
    let parts: Int?

    /// The complete segments of a node, or of all, by node, epoch and in the order in which they were given.
    static func all(of node: String?, in database: Database) throws -> [SegmentRow] {
        // A reader may come before the daemon has brought the tables up to date.
        let isMigrated = try isMigrated(database)
        let columns = isMigrated ? "id, node, epoch, is_base, parts" : "id, node, epoch, is_base, NULL"
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT \(columns) FROM segment
                WHERE (?1 IS NULL OR node = ?1) \(isMigrated ? "AND is_complete" : "") ORDER BY node, epoch, id
                """, arguments: [node])
        return rows.map { row in
            SegmentRow(
                id: row[0] as Int64? ?? 0, node: row[1] as String? ?? "",
                epoch: UInt64(bitPattern: row[2] as Int64? ?? 0), isBase: (row[3] as Int64?) == 1,
                parts: (row[4] as Int64?).map(Int.init))
        }
    }

    /// The length of all its parts.
    func byteCount(in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT sum(length(bytes)) FROM segment_part WHERE segment = ?", arguments: [id]) ?? 0
    }

    /// Hands over the bytes of each part in order, the next one only when the one before has been dealt with.
    ///
    /// - Returns: Whether every part was compared with a checksum.
    /// - Throws: `damagedSegment` if a part is not what was written, or is missing.
    @discardableResult
    func eachPart(
        in database: Database, path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        do {
            let column = try Self.isMigrated(database) ? "checksum" : "NULL"
            let rows = try Row.fetchCursor(
                database, sql: "SELECT bytes, part, \(column) FROM segment_part WHERE segment = ? ORDER BY part",
                arguments: [id])
            var count = 0
            var isChecked = parts != nil
            while let row = try rows.next() {
                guard (row[1] as Int64?) == Int64(count) else {
                    throw fault("part \(count) of its bytes is missing", path: path)
                }
                let stored = row[2] as Int64?
                isChecked = isChecked && stored != nil
                try row.withUnsafeData(atIndex: 0) { data in
                    try (data ?? Data()).withUnsafeBytes { bytes in
                        if let stored, stored != checksum(of: bytes, part: count) {
                            throw fault("the checksum of part \(count) is not that of its bytes", path: path)
                        }
                        try body(bytes)
                    }
                }
                count += 1
            }
            if let parts, parts != count {
                throw fault("\(count) of the \(parts) parts of its bytes are there", path: path)
            }
            return isChecked
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            throw fault(error.message ?? "the database is malformed", path: path)
        }
    }

    /// The checksum of one part, which covers where the part belongs too.
    func checksum(of bytes: UnsafeRawBufferPointer, part: Int) -> Int64 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
        hasher.update(text: node)
        hasher.update(epoch)
        hasher.update(isBase ? UInt64(1) : 0)
        hasher.update(UInt64(part))
        hasher.update(rawBytes: bytes)
        return Int64(bitPattern: hasher.finalize64())
    }

    private func fault(_ reason: String, path: String) -> StoreError {
        .damagedSegment(path: path, node: node, epoch: epoch, reason: reason)
    }

    private static func isMigrated(_ database: Database) throws -> Bool {
        try database.columns(in: "segment").contains { $0.name == "is_complete" }
    }
}
