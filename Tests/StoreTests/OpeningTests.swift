import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct OpeningTests {
    @Test func createsTheDirectoryAndItsParentsForTheOwnerOnly() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a/b"
        let store = try Store(directory: path, topology: Fixture.topology)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(path) == 0o700)
        for file in ["gloss.sqlite", "gloss.sqlite-wal", "gloss.lock"] {
            #expect(try mode(path + "/" + file) == 0o600)
        }
        try store.close()
    }

    @Test func writesAreLoggedAheadAndSynced() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let (journal, synchronous) = try store.pool.writeWithoutTransaction { database in
            (
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(database, sql: "PRAGMA synchronous")
            )
        }
        #expect(journal == "wal")
        #expect(synchronous == 2)
    }

    @Test func aSecondOpenerIsRefusedAndToldTheHolder() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let refusal = storeError { () throws(StoreError) in try directory.open() }
        #expect(refusal == .locked(path: directory.state, pid: getpid()))
        #expect(refusal?.description.contains("(pid \(getpid()))") == true)
        try store.close()
        try directory.open().close()
    }

    @Test func aDroppedStoreGivesTheDirectoryUp() throws {
        let directory = try TemporaryDirectory()
        do {
            let store = try directory.open()
            try store.setMeta("a", "b")
        }
        #expect(try directory.open().meta("a") == "b")
    }

    @Test func aFileInPlaceOfTheDirectoryIsNamed() throws {
        let directory = try TemporaryDirectory()
        try Data().write(to: URL(filePath: directory.state))
        #expect(
            storeError { () throws(StoreError) in try directory.open() } == .notADirectory(path: directory.state))
        let below = directory.state + "/below"
        #expect(
            storeError { () throws(StoreError) in try Store(directory: below, topology: Fixture.topology) }
                == .notADirectory(path: below))
    }

    @Test func aDirectoryThatMayNotBeWrittenIsNamed() {
        let path = "/proc/gloss"
        let refusal = storeError { () throws(StoreError) in try Store(directory: path, topology: Fixture.topology) }
        #expect(refusal?.description.hasPrefix("state directory /proc/gloss: ") == true)
    }

    @Test(arguments: [
        (ENOTDIR, StoreError.notADirectory(path: "/s")), (ENOSPC, .diskFull(path: "/s")),
        (EACCES, .notWritable(path: "/s", reason: "Permission denied")),
        (EROFS, .notWritable(path: "/s", reason: "Read-only file system")),
        (ENAMETOOLONG, .unusable(path: "/s", reason: "File name too long")),
    ])
    func systemErrorsAreSaidInOurTerms(code: Int32, expected: StoreError) {
        #expect(StoreError(systemError: code, path: "/s") == expected)
    }

    @Test func aFileThatIsNoDatabaseIsRefusedAndKept() throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.state, withIntermediateDirectories: true)
        let file = StateDirectory.database(in: directory.state)
        let bytes = Data(repeating: 0x41, count: 8192)
        try bytes.write(to: URL(filePath: file))
        #expect(storeError { () throws(StoreError) in try directory.open() } == .notGlossDatabase(path: file))
        #expect(try Data(contentsOf: URL(filePath: file)) == bytes)
    }

    @Test func aDatabaseOfAnotherProgramIsRefused() throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.state, withIntermediateDirectories: true)
        let file = StateDirectory.database(in: directory.state)
        try DatabaseQueue(path: file).write { try $0.execute(sql: "CREATE TABLE other (a)") }
        #expect(storeError { () throws(StoreError) in try directory.open() } == .notGlossDatabase(path: file))
        #expect(
            storeError { () throws(StoreError) in try Store.reader(directory: directory.state) }
                == .notGlossDatabase(path: file))
    }

    @Test func aDatabaseOfANewerVersionIsRefused() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')") }
        try store.close()
        let expected = StoreError.otherSchema(path: StateDirectory.database(in: directory.state), isNewer: true)
        #expect(storeError { () throws(StoreError) in try directory.open() } == expected)
        #expect(storeError { () throws(StoreError) in try Store.reader(directory: directory.state) } == expected)
    }

    @Test func metaValuesCanBeSetReplacedAndRemoved() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        #expect(try store.meta("kernel") == nil)
        try store.setMeta("kernel", "Zen\0")
        #expect(try store.meta("kernel") == "Zen\u{fffd}")
        try store.setMeta("kernel", "Haswell")
        #expect(try store.meta("kernel") == "Haswell")
        try store.setMeta("kernel", nil)
        #expect(try store.meta("kernel") == nil)
    }
}
