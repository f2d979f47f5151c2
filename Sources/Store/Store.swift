import GRDB
import Hashing
import Synchronization

/// The state that survives a crash: checkpoints, jobs, results, outbox, dead letters, events; one SQLite database.
///
/// One store owns a state directory, by a lock that ends with the process. Every call blocks until SQLite has answered,
/// and a writing call until the disk has: call them off the cooperative pool. A writing call is one transaction; if
/// it throws, nothing of it is stored.
public final class Store: StoreReading {
    /// The access to the database.
    public let connection: StoreConnection
    let pool: DatabasePool
    let lock: DirectoryLock
    let now: @Sendable () -> Int64
    /// The most bytes of a row of a segment: what is held in memory, and logged in one transaction, to write a base.
    let partLength: Int

    /// Opens the state in a directory, creating both if there are none, and takes the directory's lock.
    ///
    /// The first opening records the topology. A later one throws if its name differs, or if a node that keeps
    /// state was set differently or is gone; a node that is new is recorded with the epoch it starts after.
    /// - Parameters:
    ///   - directory: The state directory; created with mode 0700.
    ///   - topology: The topology that the state belongs to.
    ///   - now: The time in milliseconds since 1970.
    public convenience init(
        directory: String, topology: TopologyIdentity, now: @escaping @Sendable () -> Int64 = { Timestamp.now }
    ) throws(StoreError) {
        try self.init(directory: directory, topology: topology, now: now, partLength: 4 << 20)
    }

    /// Does so with parts of segments of another length, in bytes.
    package init(
        directory: String, topology: TopologyIdentity, now: @escaping @Sendable () -> Int64, partLength: Int
    ) throws(StoreError) {
        try StateDirectory.prepare(directory)
        lock = try DirectoryLock(directory: directory)
        try StateDirectory.createDatabase(in: directory)
        let path = StateDirectory.database(in: directory)
        do {
            var configuration = StoreConnection.configuration()
            configuration.prepareDatabase { database in
                if !database.configuration.readonly { try StoreSpace.prepare(database) }
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            connection = StoreConnection(reader: pool, path: path)
            try Store.migrate(pool, path: path)
        } catch {
            throw StoreError(SystemFault.noting(error, whileOpening: path), path: path)
        }
        self.now = now
        self.partLength = max(partLength, 1)
        try write { try Store.adopt(topology, in: $0, directory: directory) }
        // What a fold had begun, or had not removed yet, when the process ended.
        removeIncomplete(of: nil)
        try connection.use { try pool.writeWithoutTransaction { try StoreSpace.rewriteIfWorthwhile($0) } }
    }

    /// Opens the state in a directory for reading, beside the daemon that owns it or after it has stopped.
    public static func reader(directory: String) throws(StoreError) -> StoreReader {
        try StoreReader(directory: directory)
    }

    /// Opens the state in a directory for reading, or those of all processes whose shares it holds, as one.
    ///
    /// A state of one process goes before shares beside it.
    /// - Throws: `missing` if there is neither; `unjoinable` if shares are missing or do not belong together.
    public static func joinedReader(directory: String) throws(StoreError) -> StoreReader {
        guard !StateDirectory.holdsDatabase(directory), let shares = try StateShares(in: directory) else {
            return try StoreReader(directory: directory)
        }
        return try StoreReader(joining: shares)
    }

    /// Closes the database after the calls under way, and releases the directory; further calls throw.
    public func close() throws(StoreError) {
        // SQLite does it when the last connection goes, but not if that is one that only reads.
        try? connection.use { try pool.writeWithoutTransaction(Self.emptyLog) }
        connection.uses.close()
        do {
            try pool.close()
        } catch {
            throw StoreError(error, path: connection.path)
        }
        lock.release()
    }

    /// Stores a value under a key of the caller's choosing; `nil` removes it.
    public func setMeta(_ key: String, _ value: String?) throws(StoreError) {
        try write { database in
            guard let value else {
                return try database.execute(sql: "DELETE FROM meta WHERE key = ?", arguments: [key])
            }
            try database.execute(sql: "INSERT OR REPLACE INTO meta VALUES (?, ?)", arguments: [key, value.storable])
        }
    }

    /// Runs a block in one transaction; its errors become `StoreError`s and undo all of it.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        try connection.use {
            try pool.writeWithoutTransaction { database in
                // The commit too can fail in the system.
                try SystemFault.noting(in: database) {
                    var value: Value?
                    try database.inTransaction {
                        value = try body(database)
                        return .commit
                    }
                    guard let value else { throw StoreError.closed(path: connection.path) }
                    return value
                }
            }
        }
    }
}

extension Store {
    private static func migrate(_ pool: DatabasePool, path: String) throws {
        // The pool sets `synchronous` to NORMAL, under which a power loss may undo a committed checkpoint.
        try pool.writeWithoutTransaction { database in
            try database.execute(
                sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(StoreSpace.longestLog)")
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            let identifier = try Int32.fetchOne(database, sql: "PRAGMA application_id")
            guard tables == 0 || identifier == Schema.applicationIdentifier else {
                throw StoreError.notGlossDatabase(path: path)
            }
            if try Schema.migrator.hasBeenSuperseded(database) {
                throw StoreError.otherSchema(path: path, isNewer: true)
            }
        }
        try Schema.migrator.migrate(pool)
    }

    private static let digestKey = "topology.digest"

    private static func adopt(_ topology: TopologyIdentity, in database: Database, directory: String) throws {
        if let conflict = try StateConflict.all(between: topology, and: database).first {
            throw conflict.error(path: directory)
        }
        for (node, digest) in topology.nodes.sorted(by: { $0.key < $1.key }) {
            // The settings of a node that is known are noted for a state of an earlier version, which did not.
            try database.execute(
                sql: """
                    INSERT INTO node (id, digest, since, settings)
                    VALUES (?, ?, coalesce((SELECT epoch FROM checkpoint), 0), ?)
                    ON CONFLICT (id) DO UPDATE SET settings = excluded.settings
                    """, arguments: [node, digest.description, try topology.settings[node]?.stored()])
        }
        for (key, value) in [(StateConflict.nameKey, topology.name), (digestKey, topology.digest.description)] {
            try database.execute(sql: "INSERT OR REPLACE INTO meta VALUES (?, ?)", arguments: [key, value])
        }
    }
}
