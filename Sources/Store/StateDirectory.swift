import Foundation

/// The directory that a daemon keeps its state in.
enum StateDirectory {
    /// The name of the database's file.
    static let databaseName = "gloss.sqlite"

    /// The name of the lock file of daemons.
    static let lockName = "gloss.lock"

    /// The name of the lock file of those who send dead letters again.
    static let replayLockName = "gloss.replay.lock"

    /// The database's path.
    static func database(in directory: String) -> String { directory + "/" + databaseName }

    /// Whether there is a database in a directory.
    static func holdsDatabase(_ directory: String) -> Bool { access(database(in: directory), F_OK) == 0 }

    /// Creates the directory, readable by its owner only, unless it is there; checks that it can be written.
    static func prepare(_ path: String) throws(StoreError) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .notADirectory(path: path) }
        } else {
            guard errno == ENOENT else { throw StoreError(systemError: errno, path: path) }
            try create(path)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw StoreError(systemError: errno, path: path) }
    }

    private static func create(_ path: String) throws(StoreError) {
        var parent = path.hasPrefix("/") ? "/" : ""
        let parts = path.split(separator: "/")
        for part in parts.dropLast() {
            parent += part + "/"
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST else {
                throw StoreError(systemError: errno, path: path)
            }
        }
        guard mkdir(path, 0o700) == 0 else { throw StoreError(systemError: errno, path: path) }
    }

    /// Creates the database file, readable by its owner only, unless it is there; SQLite gives its companions the same mode.
    static func createDatabase(in directory: String) throws(StoreError) {
        let path = database(in: directory)
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            throw code == EISDIR ? .notGlossDatabase(path: path) : StoreError(systemError: code, path: path)
        }
        close(descriptor)
    }
}
