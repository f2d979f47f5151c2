import Foundation
import GRDB
import Testing

@testable import Store

/// How a file gives space back, also one of an earlier version.
@Suite struct SpaceTests {
    private func pragma(_ name: String, of store: Store) throws -> Int? {
        try store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// A state as earlier versions laid it out, with `live` of 512 segments left in it.
    private func oldStore(in directory: TemporaryDirectory, live: UInt64) throws -> Store {
        try FileManager.default.createDirectory(atPath: directory.state, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: StateDirectory.database(in: directory.state))
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = NONE; VACUUM") }
        try Schema.migrator.migrate(queue)
        try queue.close()
        let store = try directory.open()
        for epoch in UInt64(1)...512 {
            let bytes = [UInt8](repeating: UInt8(epoch & 255), count: 4000)
            try store.commit(CheckpointCommit(epoch: epoch, segments: [.init(node: "evidence", bytes: bytes)]))
        }
        try store.write { try $0.execute(sql: "DELETE FROM segment WHERE epoch > ?", arguments: [Int64(live)]) }
        return store
    }

    @Test func aNewFileGivesSpaceBackInSteps() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        #expect(try pragma("auto_vacuum", of: store) == 2)
        // FAST: no page is overwritten only because it is free.
        #expect(try pragma("secure_delete", of: store) == 2)
        #expect(try pragma("journal_size_limit", of: store) == StoreSpace.longestLog)
        try store.close()
        let again = try directory.open()
        #expect(try pragma("auto_vacuum", of: again) == 2)
    }

    @Test(arguments: [(0, 256), (800, 256), (8000, 1000), (80_000, 2048)]) func someFreePagesStay(live: Int, kept: Int)
    {
        #expect(StoreSpace.kept(live: live) == kept)
    }

    @Test func anOldFileWithLittleFreeStaysAsItIs() throws {
        let directory = try TemporaryDirectory()
        let store = try oldStore(in: directory, live: 400)
        let size = directory.size(of: "gloss.sqlite")
        try store.pool.writeWithoutTransaction { try StoreSpace.rewriteIfWorthwhile($0, from: 0) }
        #expect(try pragma("auto_vacuum", of: store) == 0)
        // It is folded all the same.
        try store.fold(node: "evidence", upTo: 512) { try $0([9]) }
        #expect(try store.segments(of: "evidence").map(\.bytes) == [[9]])
        #expect(directory.size(of: "gloss.sqlite") >= size)
    }

    @Test func anOldFileThatIsMostlyFreeIsRewrittenOnce() throws {
        let directory = try TemporaryDirectory()
        let store = try oldStore(in: directory, live: 40)
        let segments = try store.segments(of: "evidence")
        #expect(segments.count == 40)
        // Not for less than is worth the while.
        try store.pool.writeWithoutTransaction { try StoreSpace.rewriteIfWorthwhile($0) }
        #expect(try pragma("auto_vacuum", of: store) == 0)
        try store.pool.writeWithoutTransaction { try StoreSpace.rewriteIfWorthwhile($0, from: 1 << 20) }
        #expect(try pragma("auto_vacuum", of: store) == 2 && pragma("freelist_count", of: store) == 0)
        #expect(try store.segments(of: "evidence") == segments)
        try store.close()
        #expect(directory.size(of: "gloss.sqlite") < 1 << 20)
        #expect(try directory.open().segments(of: "evidence") == segments)
    }
}
