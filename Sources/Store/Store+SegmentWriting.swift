import GRDB

extension Store {
    /// Writes a segment before the checkpoint that it belongs to, which `contents` hands over in pieces; `nil` if it hands over
    /// none.
    ///
    /// Each part of a large segment is a transaction of its own, so that neither memory nor the log holds it whole, and the
    /// checkpoint has only to name it. Until then no reader sees it, and after a crash the next start removes it. One
    /// that fits into one part is stored with the checkpoint.
    ///
    /// - Throws: Whatever `contents` throws, and what the store does; nothing has changed then.
    package func write(
        segmentOf node: String, epoch: UInt64, contents: (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) throws -> CheckpointCommit.Segment? {
        guard let number = Int64(exactly: epoch) else {
            throw StoreError.unstorable(reason: "epoch \(epoch) is above \(Int64.max)")
        }
        var start: [UInt8] = []
        var writer: SegmentWriter?
        do {
            try contents { piece in
                if writer == nil {
                    start += piece
                    guard start.count > partLength else { return }
                    writer = try write { database in
                        try SegmentWriter(
                            node: node, epoch: number, isBase: false, partLength: partLength, into: database)
                    }
                    try writer?.add(start) { part in try write(part) }
                    start = []
                } else {
                    try writer?.add(piece) { part in try write(part) }
                }
            }
            guard var writer else {
                return start.isEmpty ? nil : CheckpointCommit.Segment(node: node, bytes: start)
            }
            try write { try writer.finish(in: $0) }
            return CheckpointCommit.Segment(node: node, row: writer.row.id)
        } catch {
            removeIncomplete(of: node)
            throw error
        }
    }

    func insertSegment(_ bytes: [UInt8], node: String, epoch: Int64, into database: Database) throws {
        var writer = try SegmentWriter(
            node: node, epoch: epoch, isBase: false, partLength: partLength, into: database)
        try writer.add(bytes) { try $0(database) }
        try writer.complete(in: database)
    }

    /// Lets readers see a segment that was written ahead.
    func complete(_ row: Int64, of node: String, epoch: Int64, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE segment SET is_complete = 1
                WHERE id = ? AND node = ? AND epoch = ? AND NOT is_complete AND parts IS NOT NULL
                """, arguments: [row, node, epoch])
        guard database.changesCount == 1 else {
            throw StoreError.unstorable(reason: "the segment of \(node) for epoch \(epoch) was not written ahead")
        }
    }
}
