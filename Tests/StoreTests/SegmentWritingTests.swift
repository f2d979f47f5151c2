import GRDB
import Testing

@testable import Store

/// Segments that are written before the checkpoint that names them.
@Suite struct SegmentWritingTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open(partLength: 1000)
        try store.commit(CheckpointCommit(epoch: 1, segments: [.init(node: "evidence", bytes: [1, 2, 3])]))
    }

    private static let bytes = (0..<10_500).map { UInt8(truncatingIfNeeded: $0) }

    private func write(_ bytes: [UInt8] = bytes, epoch: UInt64) throws -> CheckpointCommit.Segment? {
        try store.write(segmentOf: "evidence", epoch: epoch) { take in
            for start in stride(from: 0, to: bytes.count, by: 700) {
                try take(Array(bytes[start..<min(start + 700, bytes.count)]))
            }
        }
    }

    private func rows(of store: Store) throws -> Int? {
        try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM segment_part") }
    }

    @Test func nobodySeesOneBeforeItsCheckpoint() throws {
        let segment = try #require(try write(epoch: 2))
        #expect(try rows(of: store) == 1 + 11)
        #expect(try store.segments(of: "evidence").map(\.bytes) == [[1, 2, 3]])
        try store.commit(CheckpointCommit(epoch: 2, segments: [segment]))
        #expect(try store.segments(of: "evidence").map(\.bytes) == [[1, 2, 3], Self.bytes])
        #expect(try store.segments(of: "evidence").map(\.epoch) == [1, 2])
        #expect(try store.checkSegments().sound == 2)
    }

    @Test func aCrashBeforeItsCheckpointLeavesNothingOfIt() throws {
        _ = try write(epoch: 2)
        let image = try directory.crashImage()
        let next = try image.open(partLength: 1000)
        #expect(try next.segments(of: "evidence").map(\.bytes) == [[1, 2, 3]])
        #expect(try rows(of: next) == 1)
    }

    @Test func aSmallOneIsStoredWithItsCheckpoint() throws {
        let segment = try #require(try write(Array(Self.bytes.prefix(900)), epoch: 2))
        #expect(segment.bytes == Array(Self.bytes.prefix(900)))
        #expect(try rows(of: store) == 1)
        try store.commit(CheckpointCommit(epoch: 2, segments: [segment]))
        #expect(try store.segments(of: "evidence").map(\.bytes).last == segment.bytes)
    }

    @Test func nothingIsASegmentOfNoPieces() throws {
        #expect(try store.write(segmentOf: "evidence", epoch: 2) { _ in } == nil)
    }

    @Test func aWriterThatFailsLeavesNothing() throws {
        struct Fault: Error {}
        #expect(throws: Fault.self) {
            try store.write(segmentOf: "evidence", epoch: 2) { take in
                for _ in 0..<5 { try take([UInt8](repeating: 7, count: 700)) }
                throw Fault()
            }
        }
        #expect(try rows(of: store) == 1)
    }

    @Test func itBelongsToOneCheckpointOnly() throws {
        let segment = try #require(try write(epoch: 2))
        #expect(throws: StoreError.self) { try store.commit(CheckpointCommit(epoch: 3, segments: [segment])) }
        #expect(try store.latestCheckpoint()?.epoch == 1)
        try store.commit(CheckpointCommit(epoch: 2, segments: [segment]))
        #expect(throws: StoreError.self) { try store.commit(CheckpointCommit(epoch: 3, segments: [segment])) }
        #expect(try store.latestCheckpoint()?.epoch == 2)
    }
}
