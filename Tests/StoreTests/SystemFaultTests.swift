import Foundation
import GRDB
import Testing

@testable import Store

/// Errors of SQLite that only the system's code tells apart.
@Suite struct SystemFaultTests {
    private static let path = "/s/gloss.sqlite"

    @Test(arguments: [
        (ResultCode.SQLITE_CANTOPEN, EMFILE, StoreError.tooManyFiles(path: path)),
        (.SQLITE_CANTOPEN, ENFILE, .tooManyFiles(path: path)),
        (.SQLITE_IOERR, EMFILE, .tooManyFiles(path: path)),
        (.SQLITE_IOERR, ENOSPC, .diskFull(path: path)),
        (.SQLITE_IOERR, EDQUOT, .diskFull(path: path)),
        (.SQLITE_CANTOPEN, EACCES, .notWritable(path: path, reason: "told by SQLite: Permission denied")),
        (.SQLITE_CANTOPEN, 0, .notWritable(path: path, reason: "told by SQLite")),
        (.SQLITE_IOERR, EFBIG, .diskRefused(path: path, reason: "told by SQLite: File too large")),
        (.SQLITE_IOERR, EIO, .diskRefused(path: path, reason: "told by SQLite: Input/output error")),
    ])
    func theSystemsCodeNamesTheCause(result: ResultCode, code: Int32, expected: StoreError) {
        let error = DatabaseError(resultCode: result, message: "told by SQLite")
        #expect(StoreError(SystemFault(error: error, code: code), path: Self.path) == expected)
    }

    @Test func whatIsSaidOfDescriptorsNamesTheLimit() {
        let text = StoreError.tooManyFiles(path: Self.path).description
        #expect(text.contains("ulimit -n") && text.contains(Self.path) && !text.contains("permissions"))
        #expect(StoreError(systemError: EMFILE, path: Self.path) == .tooManyFiles(path: Self.path))
    }

    @Test(arguments: [(0, EMFILE, true), (2, EMFILE, true), (5, ENFILE, true), (6, EMFILE, false), (2, EACCES, false)])
    func whetherDescriptorsAreLeftIsTried(left: Int, code: Int32, isLimit: Bool) {
        var tried = 0
        let fault = SystemFault.noting(
            DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "told by SQLite"), whileOpening: "/dev/null"
        ) {
            tried += 1
            guard tried > left else { return open("/dev/null", O_RDONLY | O_CLOEXEC) }
            errno = code
            return -1
        }
        let expected: StoreError =
            isLimit ? .tooManyFiles(path: Self.path) : .notWritable(path: Self.path, reason: "told by SQLite")
        #expect(StoreError(fault, path: Self.path) == expected)
    }

    @Test func aFileThatIsGoneIsSaidToBeGone() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/none/gloss.sqlite"
        let error = #expect(throws: DatabaseError.self) { try DatabaseQueue(path: path) }
        let fault = SystemFault.noting(try #require(error), whileOpening: path)
        guard case .notWritable(_, let reason) = StoreError(fault, path: path) else {
            Issue.record("expected a cause, got \(fault)")
            return
        }
        #expect(reason.contains("No such file"))
    }

    @Test func otherErrorsStayWhatTheyAre() throws {
        let error = DatabaseError(resultCode: .SQLITE_BUSY)
        #expect(SystemFault.noting(error, whileOpening: Self.path) is DatabaseError)
        let queue = try DatabaseQueue()
        #expect(throws: DatabaseError.self) {
            try queue.write { database in
                try SystemFault.noting(in: database) { try database.execute(sql: "no SQL") }
            }
        }
    }
}
