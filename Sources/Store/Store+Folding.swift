import GRDB

extension Store {
    /// Replaces a node's base and its segments up to an epoch by a new base, which `base` hands over in pieces.
    ///
    /// Each part of the new base is a transaction of its own, so that neither memory nor the log holds it whole. The last
    /// of them puts it in the place of what it covers: until then, and after a crash at any point before, the old base and
    /// segments stand and are all that readers see. Then what was covered is removed and its space given back.
    ///
    /// Throws `epochNotCommitted` if the epoch is above the last checkpoint's, and whatever `base` throws; nothing has
    /// changed then.
    public func fold(
        node: String, upTo epoch: UInt64, base: (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let number = try write { try committed(epoch, in: $0) }
        var writer = try write { database in
            try SegmentWriter(node: node, epoch: number, isBase: true, partLength: partLength, into: database)
        }
        do {
            try base { piece in try writer.add(piece) { part in try write(part) } }
            try write { database in
                try database.execute(
                    sql: "UPDATE segment SET is_complete = 0 WHERE node = ? AND epoch <= ? AND is_complete",
                    arguments: [node, number])
                try writer.complete(in: database)
            }
        } catch {
            removeIncomplete(of: node)
            throw error
        }
        removeIncomplete(of: node)
    }

    /// The epoch as the tables have it; throws unless it has been committed.
    private func committed(_ epoch: UInt64, in database: Database) throws -> Int64 {
        let stored = try Int64.fetchOne(database, sql: "SELECT epoch FROM checkpoint")
        guard let stored, let number = Int64(exactly: epoch), number <= stored else {
            throw StoreError.epochNotCommitted(given: epoch, stored: stored.map { UInt64(bitPattern: $0) })
        }
        return number
    }
}
