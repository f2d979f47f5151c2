import Elements
import Running
import StateFixtures
import Testing

@testable import RecordReading

/// A topic under a reader that has come to offset 300, the last checkpoint standing at 200.
@Suite struct TopicWatchTests {
    private struct Contents: FencedContents {
        var held = HeldOffsets(first: 0, end: 400)
        var hash: UInt64? = 17
        var words: SourceWords { .kafka }

        func reads(_ topic: String) -> Bool { true }
        func held(in partition: PartitionKey) -> HeldOffsets? { partition.partition == 0 ? held : nil }
        func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64? {
            offset == 199 ? hash : nil
        }
    }

    private var watch = TopicWatch()
    private let positions = [
        PartitionKey(topic: "texts", partition: 0): Int64(300), PartitionKey(topic: "texts", partition: 1): 5,
    ]
    private let counted = [Fixture.fence(next: 200, last: Fence.LastRecord(offset: 199, hash: 17))]

    private mutating func look(_ contents: Contents) async throws -> DaemonError? {
        try await watch.look(at: contents, positions: positions, counted: counted)
    }

    private static let gaps: [(Contents, String)] = [
        (
            Contents(held: HeldOffsets(first: 0, end: 34)),
            "topic texts, partition 0: it has been read up to offset 300, but the topic ends at 34: it was recreated or "
                + "truncated while it was read. Start with --accept-gap to go on from offset 0; the evidence is then marked inexact."
        ),
        (
            Contents(hash: 99),
            "topic texts, partition 0: the record at offset 199 is not the one that the last checkpoint counted: the topic was "
                + "recreated with other records. Start with --accept-gap to go on from offset 200; the evidence is then marked inexact."
        ),
    ]

    @Test(arguments: gaps.indices) mutating func aTopicMadeAnewIsRefusedAsAtAStartOnceTwoLooksHaveShownIt(
        _ index: Int
    ) async throws {
        let (contents, text) = Self.gaps[index]
        #expect(try await look(Contents()) == nil)
        #expect(try await look(contents) == nil)
        let error = try await look(contents)
        #expect(error?.kind == .fence && error?.description == text)
    }

    @Test mutating func aLookThatShowsNothingTakesTheSuspicionBack() async throws {
        for _ in 0..<3 {
            #expect(try await look(Self.gaps[0].0) == nil)
            #expect(try await look(Contents()) == nil)
        }
    }

    private static let harmless = [
        Contents(held: HeldOffsets(first: 0, end: 300)),
        // Retention has passed what was read already, or compaction the last record.
        Contents(held: HeldOffsets(first: 250, end: 400), hash: 99), Contents(hash: nil),
    ]

    @Test(arguments: harmless.indices) mutating func whatDoesNotShowThatTheTopicIsAnotherIsNoGap(
        _ index: Int
    ) async throws {
        for _ in 0..<3 { #expect(try await look(Self.harmless[index]) == nil) }
    }

    @Test func twoLooksAndTheirAnswersComeWithinAMinute() {
        #expect((TopicWatch.interval + .seconds(10)) * 2 <= .seconds(60))
    }
}
