import Foundation
import GRDB

/// Cuts the bytes of one segment into parts of bounded size, each a row with a checksum.
struct SegmentWriter {
    let row: SegmentRow
    private let partLength: Int
    private var pending: [UInt8] = []
    private(set) var parts = 0

    /// Adds the segment's row, without which it has no parts; until it is complete, no reader sees it.
    init(node: String, epoch: Int64, isBase: Bool, partLength: Int, into database: Database) throws {
        try database.execute(
            sql: "INSERT INTO segment (node, epoch, is_base, is_complete) VALUES (?, ?, ?, 0)",
            arguments: [node, epoch, isBase])
        row = SegmentRow(
            id: database.lastInsertedRowID, node: node, epoch: UInt64(bitPattern: epoch), isBase: isBase, parts: nil)
        self.partLength = partLength
    }

    /// Takes bytes on and writes the parts that are full, each by a call of `write`.
    mutating func add(_ bytes: [UInt8], write: ((Database) throws -> Void) throws -> Void) throws {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + partLength - pending.count)
            pending.append(contentsOf: bytes[start..<end])
            start = end
            if pending.count == partLength { try write { try writePart(into: $0) } }
        }
    }

    /// Writes what is left; no reader sees the segment yet.
    mutating func finish(in database: Database) throws {
        if !pending.isEmpty { try writePart(into: database) }
        try database.execute(sql: "UPDATE segment SET parts = ? WHERE id = ?", arguments: [parts, row.id])
    }

    /// Writes what is left, and lets readers see the segment.
    mutating func complete(in database: Database) throws {
        try finish(in: database)
        try database.execute(sql: "UPDATE segment SET is_complete = 1 WHERE id = ?", arguments: [row.id])
    }

    private mutating func writePart(into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO segment_part (segment, part, bytes, checksum) VALUES (?, ?, ?, ?)")
        try pending.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            let checksum = row.checksum(of: UnsafeRawBufferPointer(bytes), part: parts)
            // SQLite takes a copy of its own before the call is over.
            let part = Data(bytesNoCopy: start, count: bytes.count, deallocator: .none)
            try statement.execute(arguments: [row.id, parts, part, checksum])
        }
        parts += 1
        pending.removeAll(keepingCapacity: true)
    }
}
