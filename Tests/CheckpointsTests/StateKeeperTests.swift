import Elements
import StateFixtures
import Store
import Testing

@testable import Checkpoints

/// What a run relies on, of a database and of the state that tests of a run use in its stead.
@Suite struct StateKeeperTests {
    private enum Kind: CaseIterable { case database, memory }

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func keeper(_ kind: Kind) throws -> any StateKeeper {
        switch kind {
        case .database: try directory.store()
        case .memory: StateInMemory()
        }
    }

    @Test(arguments: Kind.allCases) private func withoutACheckpointThereIsNothing(kind: Kind) throws {
        let keeper = try keeper(kind)
        #expect(try keeper.latestCheckpoint() == nil)
        #expect(try keeper.segments(of: "evidence").isEmpty)
        #expect(try keeper.meta("note") == nil)
    }

    @Test(arguments: Kind.allCases) private func aCheckpointMovesTheFencesItNames(kind: Kind) throws {
        let keeper = try keeper(kind)
        try keeper.keep(
            CheckpointCommit(epoch: 1, fences: [Fixture.fence("b", next: 1), Fixture.fence("a", next: 2)]))
        try keeper.keep(CheckpointCommit(epoch: 3, fences: [Fixture.fence("b", next: 5)]))
        let checkpoint = try #require(try keeper.latestCheckpoint())
        #expect(checkpoint.epoch == 3)
        #expect(checkpoint.fences == [Fixture.fence("a", next: 2), Fixture.fence("b", next: 5)])
    }

    @Test(arguments: Kind.allCases) private func anEpochThatIsNotAboveTheLastIsRefused(kind: Kind) throws {
        let keeper = try keeper(kind)
        try keeper.keep(CheckpointCommit(epoch: 2, fences: [Fixture.fence(next: 1)]))
        #expect(throws: StoreError.staleEpoch(given: 2, stored: 2)) {
            try keeper.keep(CheckpointCommit(epoch: 2, fences: [Fixture.fence(next: 9)]))
        }
        #expect(try keeper.latestCheckpoint()?.fences == [Fixture.fence(next: 1)])
    }

    @Test(arguments: Kind.allCases) private func segmentsComeInTheirOrderUntilTheyAreFolded(kind: Kind) throws {
        let keeper = try keeper(kind)
        for epoch in UInt64(1)...3 {
            try keeper.keep(
                CheckpointCommit(
                    epoch: epoch, segments: [CheckpointCommit.Segment(node: "evidence", bytes: [UInt8(epoch)])]))
        }
        #expect(try keeper.segments(of: "evidence").map(\.bytes) == [[1], [2], [3]])
        try keeper.fold(node: "evidence", upTo: 2) { try $0([9]) }
        #expect(try keeper.segments(of: "evidence").map(\.bytes) == [[9], [3]])
        #expect(try keeper.segments(of: "evidence").map(\.isBase) == [true, false])
    }

    @Test(arguments: Kind.allCases) private func nothingIsFoldedBeyondTheLastCheckpoint(kind: Kind) throws {
        let keeper = try keeper(kind)
        try keeper.keep(
            CheckpointCommit(epoch: 1, segments: [CheckpointCommit.Segment(node: "evidence", bytes: [1])]))
        #expect(throws: StoreError.epochNotCommitted(given: 2, stored: 1)) {
            try keeper.fold(node: "evidence", upTo: 2) { try $0([9]) }
        }
        #expect(try keeper.segments(of: "evidence").map(\.bytes) == [[1]])
    }

    @Test(arguments: Kind.allCases) private func notesAreReplacedAndRemoved(kind: Kind) throws {
        let keeper = try keeper(kind)
        try keeper.setMeta("note", "a")
        try keeper.setMeta("note", "b")
        #expect(try keeper.meta("note") == "b")
        try keeper.setMeta("note", nil)
        #expect(try keeper.meta("note") == nil)
    }

    @Test(arguments: Kind.allCases) private func afterItIsClosedNothingIsKept(kind: Kind) throws {
        let keeper = try keeper(kind)
        try keeper.close()
        #expect(throws: (any Error).self) { try keeper.keep(CheckpointCommit(epoch: 1)) }
    }
}
