import Elements
import GRDB

extension StoreReading {
    /// The last checkpoint; `nil` before the first.
    public func latestCheckpoint() throws(StoreError) -> StoredCheckpoint? {
        let path = connection.path
        return try connection.read { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT epoch, committed FROM checkpoint") else {
                return nil
            }
            let fences = try Row.fetchAll(database, sql: "SELECT * FROM fence ORDER BY source, topic, partition")
            return StoredCheckpoint(
                epoch: UInt64(bitPattern: row[0] as Int64? ?? 0), fences: try fences.map { try Fence($0, path: path) },
                committed: row[1] as Int64? ?? 0)
        }
    }
}

extension Store {
    /// The rows that a commit added.
    public struct CommitCounts: Sendable, Hashable {
        /// Dead letters that are new.
        public let deadLetters: Int
        /// Jobs that are new.
        public let jobs: Int
    }

    /// Stores a checkpoint in one transaction.
    ///
    /// Throws `staleEpoch` if its epoch is not above the last one's, `diskFull` and the like if it could not be
    /// written; nothing of it is stored then.
    @discardableResult
    public func commit(_ commit: CheckpointCommit) throws(StoreError) -> CommitCounts {
        guard let epoch = Int64(exactly: commit.epoch) else {
            throw .unstorable(reason: "epoch \(commit.epoch) is above \(Int64.max)")
        }
        let time = now()
        return try write { database in
            let stored = try Int64.fetchOne(database, sql: "SELECT epoch FROM checkpoint")
            if let stored, stored >= epoch {
                throw StoreError.staleEpoch(given: commit.epoch, stored: UInt64(bitPattern: stored))
            }
            for segment in commit.segments {
                if let row = segment.row {
                    try complete(row, of: segment.node, epoch: epoch, in: database)
                } else {
                    try insertSegment(segment.bytes, node: segment.node, epoch: epoch, into: database)
                }
            }
            for fence in commit.fences { try fence.insert(into: database) }
            let letters = try insertDeadLetters(
                commit.deadLetters, targets: commit.deadLetterTargets, time: time, into: database)
            let jobs = try insertJobs(commit.jobs, time: time, into: database)
            for message in commit.outbox { try message.insert(into: database) }
            try database.execute(sql: "INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?)", arguments: [epoch, time])
            return CommitCounts(deadLetters: letters, jobs: jobs)
        }
    }
}

extension Fence {
    /// Reads a row of the table `fence`.
    init(_ row: Row, path: String) throws {
        guard let partition = Int32(exactly: row["partition"] as Int64? ?? 0) else {
            throw StoreError.damaged(path: path, reason: "a fence's partition is out of range")
        }
        var last: LastRecord?
        if let offset = row["last_offset"] as Int64?, let hash = row["last_hash"] as Int64? {
            last = LastRecord(offset: offset, hash: UInt64(bitPattern: hash))
        }
        self.init(
            source: row["source"] as String? ?? "", topic: row["topic"] as String? ?? "", partition: partition,
            next: row["next"] as Int64? ?? 0, last: last,
            // A reader may have an older file before it.
            contexts: Int(clamping: row["contexts"] as Int64? ?? 0))
    }

    /// Writes the fence in place of the partition's last one.
    func insert(into database: Database) throws {
        let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO fence VALUES (?, ?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            source, topic, partition, next, last?.offset, last.map { Int64(bitPattern: $0.hash) }, contexts,
        ])
    }
}
