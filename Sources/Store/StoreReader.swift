import Foundation
import GRDB

/// The state of a topology, read beside the daemon that owns it or after it has stopped.
public final class StoreReader: StoreReading {
    /// The access to the database.
    public let connection: StoreConnection
    /// The directory.
    package let directory: String

    /// Opens the state in a directory; takes no lock and changes nothing.
    init(directory: String) throws(StoreError) {
        self.directory = directory
        let path = StateDirectory.database(in: directory)
        guard access(path, F_OK) == 0 else { throw .missing(path: directory) }
        // A connection opened as read-only could not replay the log that a killed daemon left.
        var configuration = StoreConnection.configuration()
        configuration.readonly = access(path, W_OK) != 0 || access(directory, W_OK) != 0
        do {
            connection = StoreConnection(
                reader: try DatabaseQueue(path: path, configuration: configuration), path: path)
        } catch {
            throw StoreError(SystemFault.noting(error, whileOpening: path), path: path)
        }
        try connection.check()
    }
}
