import GRDB

/// The rules by which the file and its log stay about as large as what they hold.
enum StoreSpace {
    /// Bytes above which the log is cut when it starts again from its beginning.
    static let longestLog = 8 << 20
    /// Free bytes from which on a file of an earlier version is rewritten, if they are half of it.
    static let worthRewriting = 64 << 20

    /// Free pages that stay in the file for what comes next, of those that hold something.
    ///
    /// SQLite looks through all free pages for each that it moves.
    static func kept(live: Int) -> Int { max(256, min(live / 8, 2048)) }

    /// The settings of a connection that writes.
    static func prepare(_ database: Database) throws {
        // Can be chosen only while the file is empty.
        if try Int.fetchOne(database, sql: "PRAGMA page_count") == 0 {
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
        }
        // Debian's SQLite overwrites every page that is freed, through the log; with FAST only what costs no write.
        try database.execute(sql: "PRAGMA secure_delete = FAST")
    }

    /// Rewrites a file of an earlier version, in which freed pages stay for ever, if much of it is free; from then on it gives
    /// space back like a new one.
    static func rewriteIfWorthwhile(_ database: Database, from least: Int = worthRewriting) throws {
        guard try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") == 0 else { return }
        let pages = try Pages(database)
        guard pages.free * pages.size >= least, 2 * pages.free >= pages.all else { return }
        do {
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
        } catch let error as DatabaseError where [.SQLITE_FULL, .SQLITE_BUSY, .SQLITE_IOERR].contains(error.resultCode)
        {
            // It takes room for a copy. Without, the file stays as it was, and is good for use.
        }
        try Store.emptyLog(database)
    }

    /// The pages of a file.
    struct Pages {
        let all, free, size: Int

        init(_ database: Database) throws {
            all = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        }

        /// Free pages that are given back.
        var surplus: Int { max(0, free - StoreSpace.kept(live: all - free)) }
    }
}

extension Store {
    /// Removes the segments of a node, or of all, that are not complete, and gives their pages back to the disk.
    ///
    /// A base has taken their place, or they were begun and never finished. Part by part, each in a transaction of its own, so
    /// that there are never many free pages at once; then the log is emptied. What cannot be removed, because the disk is
    /// full, is removed at the next start.
    func removeIncomplete(of node: String?) {
        do {
            while try write({ try Self.removePart(of: node, in: $0) }) { try giveSpaceBack() }
            try giveSpaceBack()
            try connection.use { try pool.writeWithoutTransaction(Self.emptyLog) }
        } catch {}
    }

    /// Removes one part of a segment that is not complete, the last one first; `false` if there is none left.
    private static func removePart(of node: String?, in database: Database) throws -> Bool {
        let part = try Int64.fetchOne(
            database,
            sql: """
                SELECT segment_part.rowid FROM segment JOIN segment_part ON segment_part.segment = segment.id
                WHERE NOT is_complete AND (?1 IS NULL OR node = ?1) ORDER BY segment.id DESC, part DESC LIMIT 1
                """, arguments: [node])
        guard let part else {
            try database.execute(
                sql: "DELETE FROM segment WHERE NOT is_complete AND (?1 IS NULL OR node = ?1)", arguments: [node])
            return false
        }
        try database.execute(sql: "DELETE FROM segment_part WHERE rowid = ?", arguments: [part])
        return true
    }

    /// Gives free pages back to the disk, except a few; a file of an earlier version keeps its pages.
    private func giveSpaceBack() throws {
        try connection.use {
            try pool.writeWithoutTransaction { database in
                let surplus = try StoreSpace.Pages(database).surplus
                if surplus > 0 { try database.execute(sql: "PRAGMA incremental_vacuum(\(surplus))") }
            }
        }
    }

    /// Moves the log into the file and cuts it to nothing, unless a reader needs it: none is waited for.
    static func emptyLog(_ database: Database) throws {
        try database.execute(sql: "PRAGMA busy_timeout = 0")
        defer { try? database.execute(sql: "PRAGMA busy_timeout = \(StoreConnection.patience * 1000)") }
        _ = try? database.checkpoint(.truncate)
    }
}
