import Foundation
import GRDB
import Testing

@testable import Store

/// Segments that are not what was written.
@Suite struct SegmentDamageTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open(partLength: 100)
        for epoch in UInt64(1)...3 {
            try store.commit(
                CheckpointCommit(
                    epoch: epoch,
                    segments: [
                        .init(node: "evidence", bytes: [UInt8](repeating: UInt8(epoch), count: 250)),
                        .init(node: "other", bytes: [UInt8(epoch)]),
                    ]))
        }
    }

    private static let of = "segment = (SELECT id FROM segment WHERE node = 'evidence' AND epoch = 2)"

    /// The ways in which what is read can differ from what was written.
    static let harms = [
        "UPDATE segment_part SET bytes = zeroblob(100) WHERE \(of) AND part = 1",
        "UPDATE segment_part SET checksum = checksum + 1 WHERE \(of) AND part = 0",
        "UPDATE segment_part SET bytes = substr(bytes, 1, 99) WHERE \(of) AND part = 0",
        "DELETE FROM segment_part WHERE \(of) AND part = 1",
        "DELETE FROM segment_part WHERE \(of) AND part = 2",
        "UPDATE segment SET is_base = 1 WHERE node = 'evidence' AND epoch = 2",
        "UPDATE segment_part SET part = 9 WHERE \(of) AND part = 1; UPDATE segment_part SET part = 1 WHERE \(of) AND part = 2; "
            + "UPDATE segment_part SET part = 2 WHERE \(of) AND part = 9",
    ]

    @Test(arguments: harms) func whatIsDamagedIsNamedByNodeEpochAndPlace(harm: String) throws {
        try store.write { try $0.execute(sql: harm) }
        let error = try #require(storeError { () throws(StoreError) in try store.segments(of: "evidence") })
        guard case .damagedSegment(let path, "evidence", 2, let reason) = error else {
            Issue.record("expected the segment's name, got \(error)")
            return
        }
        #expect(path == directory.state + "/gloss.sqlite")
        for part in [path, "'evidence'", "checkpoint 2", reason, "backup"] { #expect(error.description.contains(part)) }
        let check = try Store.reader(directory: directory.state).checkSegments()
        #expect(check.damaged == [SegmentCheck.Damage(node: "evidence", epoch: 2, reason: reason)])
        #expect(check.sound == 5 && check.unchecked == 0)
        #expect(try store.segments(of: "other").count == 3)
    }

    @Test func soundSegmentsAreCounted() throws {
        #expect(try store.checkSegments() == SegmentCheck(damaged: [], sound: 6, unchecked: 0))
    }

    /// Where a part of the second segment stands: only it has a hundred bytes of two in a row.
    private static func placeOfSecond(in bytes: [UInt8]) -> Int? {
        bytes.indices.first { $0 + 100 < bytes.count && bytes[$0..<$0 + 100].allSatisfy { $0 == 2 } }
    }

    @Test func bytesFlippedInTheFileAreFound() throws {
        try store.close()
        let file = StateDirectory.database(in: directory.state)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let start = try #require(Self.placeOfSecond(in: bytes))
        for place in start + 20..<start + 36 { bytes[place] ^= 0x55 }
        try Data(bytes).write(to: URL(filePath: file))
        let check = try Store.reader(directory: directory.state).checkSegments()
        #expect(check.damaged.map(\.epoch) == [2] && check.damaged.map(\.node) == ["evidence"])
    }

    @Test func pagesThatDoNotFitTogetherAreFound() throws {
        #expect(try store.pageFaults().isEmpty)
        try store.close()
        let file = StateDirectory.database(in: directory.state)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        // The kind of a page.
        bytes[try #require(Self.placeOfSecond(in: bytes)) / 4096 * 4096] = 99
        try Data(bytes).write(to: URL(filePath: file))
        #expect(try !Store.reader(directory: directory.state).pageFaults().isEmpty)
    }

    @Test func segmentsOfAnEarlierVersionAreReadAndCountedAsUnchecked() throws {
        let before = try store.segments(of: "evidence")
        try store.write { database in
            try database.execute(sql: "UPDATE segment SET parts = NULL; UPDATE segment_part SET checksum = NULL")
        }
        #expect(try store.segments(of: "evidence") == before)
        #expect(try store.checkSegments() == SegmentCheck(damaged: [], sound: 0, unchecked: 6))
        try store.fold(node: "evidence", upTo: 3) { try $0([1, 2]) }
        #expect(try store.checkSegments() == SegmentCheck(damaged: [], sound: 1, unchecked: 3))
    }

    @Test func aStateOfAnEarlierVersionIsReadBeforeAndAfterItIsBroughtUpToDate() throws {
        let before = try store.segments(of: "evidence")
        try store.write { database in
            try database.execute(
                sql: """
                    ALTER TABLE segment DROP COLUMN is_complete; ALTER TABLE segment DROP COLUMN parts;
                    ALTER TABLE segment_part DROP COLUMN checksum; ALTER TABLE node DROP COLUMN settings;
                    DELETE FROM grdb_migrations WHERE identifier IN ('segment checksums', 'node settings');
                    """)
        }
        try store.close()
        let reader = try Store.reader(directory: directory.state)
        #expect(try reader.segments(of: "evidence") == before)
        #expect(try reader.checkSegments().unchecked == 6)
        #expect(try reader.conflicts(with: Fixture.topology).isEmpty)
        let next = try directory.open()
        #expect(try next.segments(of: "evidence") == before)
        #expect(try next.checkSegments().unchecked == 6)
    }
}
