import Elements
import Foundation
import GRDB

/// The state of a topology, read beside the daemon that owns it or after it has stopped; or the states of all processes that share
/// one, joined.
public final class StoreReader: StoreReading {
    /// The access to the database.
    public let connection: StoreConnection
    /// The directory.
    package let directory: String
    /// The readers of the shares that are joined; empty for the state of one process.
    package let shares: [StoreReader]

    /// Opens the state in a directory; takes no lock and changes nothing.
    init(directory: String) throws(StoreError) {
        self.directory = directory
        shares = []
        let path = StateDirectory.database(in: directory)
        guard access(path, F_OK) == 0 else { throw StateShares.absence(in: directory) }
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

    /// Opens the states of all shares of a directory as one.
    ///
    /// - Throws: What opening one of them throws; `unjoinable` if they are not of one topology.
    init(joining found: StateShares) throws(StoreError) {
        var readers: [StoreReader] = []
        for name in found.names { readers.append(try StoreReader(directory: name.path(in: found.directory))) }
        try SharedTopology.check(readers, in: found.directory)
        directory = found.directory
        shares = readers
        connection = StoreConnection(
            joining: readers.map { StoreConnection.Share(name: $0.name, connection: $0.connection) },
            of: found.directory)
    }

    /// Another reader, since one does one thing after the other.
    public func beside() throws(StoreError) -> any StoreReading { try Store.joinedReader(directory: directory) }

    /// The reader itself, or those of the shares that it joins.
    package var parts: [StoreReader] { shares.isEmpty ? [self] : shares }

    /// The name of the directory, without those above it.
    package var name: String { URL(fileURLWithPath: directory).lastPathComponent }
}
