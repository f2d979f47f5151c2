import GRDB

/// An access to the database, for the reading calls that `Store` and `StoreReader` share.
public struct StoreConnection: Sendable {
    /// The database; `nil` where those of several shares are joined.
    let reader: (any DatabaseReader)?
    /// The path of the database, or of the directory that holds the shares.
    let path: String
    /// What is joined; empty for the state of one process.
    let shares: [Share]
    let uses = DatabaseUses()

    init(reader: any DatabaseReader, path: String) {
        self.reader = reader
        self.path = path
        shares = []
    }

    /// Makes an access to all shares of a directory.
    init(joining shares: [Share], of directory: String) {
        reader = nil
        path = directory
        self.shares = shares
    }

    /// Seconds for which a call waits for another process that holds the database.
    static let patience = 5

    /// The settings of every connection.
    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(patience))
        configuration.label = "gloss.store"
        return configuration
    }

    /// Throws unless the database is one of ours and can be read: at the schema of this version, or at an older one whose
    /// columns are all still there.
    func check() throws(StoreError) {
        let path = path
        try read { database in
            guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == Schema.applicationIdentifier else {
                throw StoreError.notGlossDatabase(path: path)
            }
            if try Schema.migrator.hasBeenSuperseded(database) {
                throw StoreError.otherSchema(path: path, isNewer: true)
            }
            if try !Schema.migrator.completedMigrations(database).contains(Schema.oldestReadable) {
                throw StoreError.otherSchema(path: path, isNewer: false)
            }
        }
    }

    /// Runs a block in one read transaction; its errors become `StoreError`s.
    ///
    /// Throws `severalShares` where shares are joined: `readEach` asks each of them.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        guard let reader else { throw .severalShares(path: path, share: shares.first?.name ?? "") }
        return try use { try reader.read { database in try SystemFault.noting(in: database) { try body(database) } } }
    }

    /// Runs a call on the database, which is not closed before it is over; its errors become `StoreError`s.
    func use<Value>(_ call: () throws -> Value) throws(StoreError) -> Value {
        let value: Value?
        do {
            value = try uses.during(call)
        } catch {
            throw StoreError(SystemFault.noting(error, whileOpening: path), path: path)
        }
        guard let value else { throw StoreError.closed(path: path) }
        return value
    }
}

/// The reading calls on a state directory, used by the daemon that owns it or by another process.
///
/// Every call blocks until SQLite has answered: call it off the cooperative pool.
public protocol StoreReading: Sendable {
    /// The access to the database.
    var connection: StoreConnection { get }

    /// An access to the same database that does not wait for what this one is asked at the same time.
    func beside() throws(StoreError) -> any StoreReading
}

extension StoreReading {
    /// The same, which several may ask at once.
    public func beside() throws(StoreError) -> any StoreReading { self }

    /// What SQLite finds wrong with the pages of the file, the first few faults; reads all of it.
    ///
    /// A byte that was changed inside a text or a number is not found: pages have no checksum.
    public func pageFaults() throws(StoreError) -> [String] {
        do {
            let found = try connection.read { try String.fetchAll($0, sql: "PRAGMA quick_check(5)") }
            return found == ["ok"] ? [] : found
        } catch .damaged(_, let reason) {
            return [reason]
        }
    }

    /// The value that `setMeta` stored under a key; `nil` if there is none.
    ///
    /// Throws `unjoinable` if shares hold different ones: whoever knows how to join them asks each.
    public func meta(_ key: String) throws(StoreError) -> String? {
        let values = try connection.readEach { database, _ in try database.meta(key) }
        guard Set(values).count == 1 else {
            throw .unjoinable(
                path: connection.path,
                reason: "they note different things under `\(key)`; start all processes with the same file")
        }
        return values.first ?? nil
    }
}

extension Database {
    /// The value that `setMeta` stored under a key; `nil` if there is none.
    func meta(_ key: String) throws -> String? {
        try String.fetchOne(self, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
    }
}
