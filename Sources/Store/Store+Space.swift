import GRDB

/// The rules by which the file and its log stay about as large as what they hold.
enum StoreSpace {
    /// Bytes above which the log is cut when it starts again from its beginning.
    static let longestLog = 8 << 20
    /// Pages moved in one transaction when space is given back; 4 MiB.
    static let pagesAtOnce = 1024
    /// Free bytes from which on a file of an earlier version is rewritten, if they are half of it.
    static let worthRewriting = 64 << 20

    /// Free pages that stay in the file for what comes next, of those that hold something.
    static func kept(live: Int) -> Int { max(256, live / 8) }

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
    /// Gives most of the free pages back to the disk, in transactions of bounded size, and empties the log.
    ///
    /// What cannot be given back, because the disk is full or a reader is in the way, serves what is written next.
    func giveSpaceBack() {
        do {
            var isDone = false
            while !isDone {
                isDone = try connection.use {
                    try pool.writeWithoutTransaction { database in
                        let before = try StoreSpace.Pages(database)
                        let step = min(before.surplus, StoreSpace.pagesAtOnce)
                        guard step > 0 else { return true }
                        try database.execute(sql: "PRAGMA incremental_vacuum(\(step))")
                        // A file of an earlier version has no way to move pages.
                        return try StoreSpace.Pages(database).all >= before.all
                    }
                }
            }
            try connection.use { try pool.writeWithoutTransaction(Self.emptyLog) }
        } catch {}
    }

    /// Moves the log into the file and cuts it to nothing, unless a reader needs it: none is waited for.
    static func emptyLog(_ database: Database) throws {
        try database.execute(sql: "PRAGMA busy_timeout = 0")
        defer { try? database.execute(sql: "PRAGMA busy_timeout = \(StoreConnection.patience * 1000)") }
        _ = try? database.checkpoint(.truncate)
    }
}
