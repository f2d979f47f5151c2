import Foundation
import GRDB
import GRDBSQLite

/// An error of SQLite with what the operating system had answered.
///
/// SQLite says "unable to open database file" or "disk I/O error" for causes that only the system's code tells apart.
struct SystemFault: Error {
    let error: DatabaseError
    /// The value of `errno` at the last call that failed; 0 for none.
    let code: Int32

    /// Runs a call, and notes the system's code beside the error that it throws.
    static func noting<Value>(in database: Database, _ call: () throws -> Value) throws -> Value {
        do {
            return try call()
        } catch let error as DatabaseError where concernsSystem(error) {
            throw SystemFault(error: error, code: database.sqliteConnection.map { sqlite3_system_errno($0) } ?? 0)
        }
    }

    /// Notes the system's code beside an error of a database that could not be opened, whose connection is gone.
    ///
    /// Opening needs several descriptors and frees them when it fails, so whether too few are left is tried anew.
    static func noting(
        _ error: any Error, whileOpening path: String, trial: () -> Int32 = { open("/dev/null", O_RDONLY | O_CLOEXEC) }
    ) -> any Error {
        guard let error = error as? DatabaseError, concernsSystem(error) else { return error }
        if hasFewDescriptors(trial) { return SystemFault(error: error, code: EMFILE) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        let code = descriptor < 0 ? errno : 0
        if descriptor >= 0 { close(descriptor) }
        return SystemFault(error: error, code: code)
    }

    /// SQLite holds the file, the log, its index and a folder at most.
    private static let needed = 6

    private static func hasFewDescriptors(_ trial: () -> Int32) -> Bool {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < needed {
            let descriptor = trial()
            guard descriptor >= 0 else { return errno == EMFILE || errno == ENFILE }
            opened.append(descriptor)
        }
        return false
    }

    private static func concernsSystem(_ error: DatabaseError) -> Bool {
        // With other results SQLite does not look at the system's code, and would give that of an older fault.
        [.SQLITE_CANTOPEN, .SQLITE_IOERR].contains(error.resultCode)
    }
}
