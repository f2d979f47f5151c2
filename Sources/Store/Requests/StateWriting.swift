import GRDB

/// Writes into a state directory beside the daemon that owns it, or while none runs.
///
/// A running daemon holds the directory's lock, so what it is asked for is left as rows of small tables, where it looks every few
/// seconds, and the next start does.
enum StateWriting {
    /// Runs a block in one transaction; blocks.
    ///
    /// Throws as a reader of the directory does, and `otherSchema` for a state that has no such table, since no daemon of this version
    /// has opened it.
    static func write<Value>(
        into table: String, of directory: String, _ body: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        // Refuses what is no state of ours.
        _ = try Store.reader(directory: directory)
        let path = StateDirectory.database(in: directory)
        do {
            let queue = try DatabaseQueue(path: path, configuration: StoreConnection.configuration())
            let value = try queue.write { database in
                guard try database.tableExists(table) else {
                    throw StoreError.otherSchema(path: path, isNewer: false)
                }
                return try body(database)
            }
            try queue.close()
            return value
        } catch {
            throw StoreError(SystemFault.noting(error, whileOpening: path), path: path)
        }
    }
}
