import GRDB
import Testing

@testable import Store

@Suite struct SegmentTests {
    private func store(in directory: TemporaryDirectory, partLength: Int = 1 << 20) throws -> Store {
        let store = try directory.open(partLength: partLength)
        for epoch in UInt64(1)...3 {
            let byte = UInt8(epoch)
            try store.commit(
                CheckpointCommit(
                    epoch: epoch,
                    segments: [
                        .init(node: "evidence", bytes: [byte]), .init(node: "other", bytes: [100]),
                        .init(node: "evidence", bytes: [byte, byte]),
                    ]))
        }
        return store
    }

    @Test func segmentsComeBackByEpochInTheOrderGiven() throws {
        let directory = try TemporaryDirectory()
        let segments = try store(in: directory).segments(of: "evidence")
        #expect(segments.map(\.epoch) == [1, 1, 2, 2, 3, 3])
        #expect(segments.map(\.bytes) == [[1], [1, 1], [2], [2, 2], [3], [3, 3]])
        #expect(segments.allSatisfy { !$0.isBase })
    }

    @Test func foldingReplacesTheBaseAndWhatItCovers() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        try store.fold(node: "evidence", upTo: 1, base: { try $0([50]) })
        try store.fold(node: "evidence", upTo: 2, base: { try $0([51]) })
        let segments = try store.segments(of: "evidence")
        #expect(segments.map(\.bytes) == [[51], [3], [3, 3]])
        #expect(segments.map(\.isBase) == [true, false, false])
        #expect(segments.map(\.epoch) == [2, 3, 3])
        #expect(try store.segments(of: "other").count == 3)
        let parts = try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM segment_part") }
        #expect(parts == 6)
    }

    @Test func foldingBeyondTheLastCheckpointIsRefused() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        #expect(throws: StoreError.epochNotCommitted(given: 4, stored: 3)) {
            try store.fold(node: "evidence", upTo: 4, base: { _ in })
        }
        #expect(try store.segments(of: "evidence").count == 6)
    }

    @Test(arguments: [0, 1, 6, 7, 8, 20])
    func bytesOfAnyLengthComeBack(count: Int) throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open(partLength: 7)
        let bytes = (0..<count).map { UInt8($0) }
        try store.commit(CheckpointCommit(epoch: 1, segments: [.init(node: "evidence", bytes: bytes)]))
        #expect(try store.segments(of: "evidence").map(\.bytes) == [bytes])
        try store.fold(node: "evidence", upTo: 1, base: { try $0(bytes.reversed()) })
        #expect(try store.segments(of: "evidence").map(\.bytes) == [bytes.reversed()])
    }
}
