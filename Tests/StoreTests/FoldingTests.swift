import Foundation
import GRDB
import Testing

@testable import Store

/// What a fold leaves on the disk, and what a crash in the midst of it leaves.
@Suite struct FoldingTests {
    private static let live = 2 << 20

    /// A node's evidence in 20 segments, which together are as large as the base that will take their place.
    private func store(in directory: TemporaryDirectory, partLength: Int = 64 << 10) throws -> Store {
        let store = try directory.open(partLength: partLength)
        try fill(store, from: 1)
        return store
    }

    private func fill(_ store: Store, from first: UInt64) throws {
        for epoch in first..<first + 20 {
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: epoch), count: Self.live / 20)
            try store.commit(CheckpointCommit(epoch: epoch, segments: [.init(node: "evidence", bytes: bytes)]))
        }
    }

    private func fold(_ store: Store, upTo epoch: UInt64, between: (Int) throws -> Void = { _ in }) throws {
        try store.fold(node: "evidence", upTo: epoch) { take in
            for piece in 0..<32 {
                try between(piece)
                try take([UInt8](repeating: 200 + UInt8(piece), count: Self.live / 32))
            }
            try between(32)
        }
    }

    @Test func theFileAndItsLogStayAboutAsLargeAsWhatTheyHold() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        for round in UInt64(1)...3 {
            try fold(store, upTo: 20 * round)
            #expect(directory.size(of: "gloss.sqlite-wal") == 0)
            // The pages, the kept free ones and 1 MiB.
            let size = directory.size(of: "gloss.sqlite")
            #expect(size < Self.live * 5 / 4 + 1 << 20, "\(size) bytes after fold \(round)")
            try fill(store, from: 20 * round + 1)
        }
    }

    @Test func theLogNeverHoldsTheWholeBase() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open(partLength: 64 << 10)
        try store.commit(CheckpointCommit(epoch: 1, segments: [.init(node: "evidence", bytes: [1])]))
        var longest = 0
        let pieces = 400
        try store.fold(node: "evidence", upTo: 1) { take in
            for _ in 0..<pieces {
                try take([UInt8](repeating: 7, count: 64 << 10))
                longest = max(longest, directory.size(of: "gloss.sqlite-wal"))
            }
        }
        // SQLite moves it into the file at 1,000 pages.
        #expect(longest < 6 << 20 && pieces * 64 << 10 > 20 << 20)
        #expect(try store.segments(of: "evidence").map(\.bytes.count) == [pieces * 64 << 10])
    }

    @Test func noTransactionOfAFoldIsLargerThanAPart() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open(partLength: 1000)
        try store.commit(CheckpointCommit(epoch: 1))
        let bytes = (0..<10_500).map { UInt8(truncatingIfNeeded: $0) }
        try store.fold(node: "evidence", upTo: 1) { take in
            for start in stride(from: 0, to: bytes.count, by: 700) {
                try take(Array(bytes[start..<min(start + 700, bytes.count)]))
                let written = try store.pool.read {
                    try Int.fetchOne($0, sql: "SELECT coalesce(sum(length(bytes)), 0) FROM segment_part")
                }
                // What has not been written is less than a part.
                #expect(min(start + 700, bytes.count) - (written ?? 0) < 1000)
            }
        }
        let lengths = try store.pool.read {
            try Int.fetchAll($0, sql: "SELECT length(bytes) FROM segment_part ORDER BY part")
        }
        #expect(lengths == [Int](repeating: 1000, count: 10) + [500])
        #expect(try store.segments(of: "evidence").map(\.bytes) == [bytes])
    }

    @Test(arguments: [0, 1, 16, 31, 32]) func aCrashBeforeTheEndLeavesWhatWasThere(piece: Int) throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        let before = try store.segments(of: "evidence")
        var image: TemporaryDirectory?
        try fold(store, upTo: 20) { if $0 == piece { image = try directory.crashImage() } }
        let crashed = try #require(image)
        // A reader that comes before the next start sees no half of a base.
        #expect(try Store.reader(directory: crashed.state).segments(of: "evidence") == before)
        let next = try crashed.open(partLength: 64 << 10)
        #expect(try next.segments(of: "evidence") == before)
        let rows = try next.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM segment_part") }
        #expect(rows == 2 * 20)
        try fold(next, upTo: 20)
        #expect(try next.segments(of: "evidence") == store.segments(of: "evidence"))
    }

    @Test func aCrashAfterTheEndLeavesTheBase() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        try fold(store, upTo: 20)
        let image = try directory.crashImage()
        let next = try image.open()
        #expect(try next.segments(of: "evidence").map(\.isBase) == [true])
        #expect(try next.segments(of: "evidence") == store.segments(of: "evidence"))
    }

    @Test func aBaseThatIsNotFinishedChangesNothing() throws {
        struct Refused: Error {}
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        let before = try store.segments(of: "evidence")
        #expect(throws: Refused.self) { try fold(store, upTo: 20) { if $0 == 9 { throw Refused() } } }
        #expect(try store.segments(of: "evidence") == before)
        let incomplete = try store.pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM segment WHERE NOT is_complete")
        }
        #expect(incomplete == 0)
    }

    @Test func othersCanWriteWhileABaseIsWritten() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        try fold(store, upTo: 20) { try store.setMeta("piece", "\($0)") }
        #expect(try store.meta("piece") == "32")
    }

    @Test func aReaderInTheWayKeepsNoFoldBack() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        let before = try store.segments(of: "evidence")
        let reader = try Store.reader(directory: directory.state)
        try reader.connection.read { database in
            // From here on the transaction needs what the log holds.
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM segment")
            try fold(store, upTo: 20)
            let rows = try SegmentRow.all(of: "evidence", in: database)
            #expect(rows.map(\.epoch) == before.map(\.epoch))
        }
        #expect(try store.segments(of: "evidence").count == 1)
    }
}
