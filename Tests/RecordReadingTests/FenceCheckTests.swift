import Elements
import Running
import StateFixtures
import Testing

@testable import RecordReading

@Suite struct FenceCheckTests {
    /// What a source holds, as the test says.
    private struct Contents: FencedContents {
        var words = SourceWords.kafka
        var partitions = [PartitionKey(topic: "texts", partition: 0): HeldOffsets(first: 0, end: 100)]
        var hashes: [Int64: UInt64] = [:]

        func reads(_ topic: String) -> Bool { topic == "texts" }
        func held(in partition: PartitionKey) -> HeldOffsets? {
            words.namesPartitions ? partitions[partition] : .unknown
        }
        func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64? { hashes[offset] }
    }

    private let notices = Told()

    private func check(acceptsGap: Bool = false) -> FenceCheck {
        FenceCheck(node: "corpus", acceptsGap: acceptsGap, onGap: { [notices] in notices.add($0) })
    }

    private func refusal(of fence: Fence, by contents: Contents) async throws -> DaemonError {
        try await #require(throws: DaemonError.self) { _ = try await check().passed([fence], by: contents) }
    }

    private let counted = Fixture.fence(next: 8, last: Fence.LastRecord(offset: 7, hash: 17))

    @Test func aFenceWhoseLastRecordIsStillThereIsKept() async throws {
        #expect(try await check().passed([counted], by: Contents(hashes: [7: 17])) == [counted])
        #expect(notices.lines.isEmpty)
    }

    @Test func aFenceWithoutALastRecordIsKeptIfItsOffsetIsHeld() async throws {
        let fences = [0, 100].map { Fixture.fence(next: $0) }
        #expect(try await check().passed(fences, by: Contents()) == fences)
    }

    @Test func fencesOfOtherSourcesAndOfTopicsNoLongerReadAreKeptUnchecked() async throws {
        let fences = [
            Fixture.fence("other", next: 1000),
            Fence(source: "corpus", topic: "left", partition: 0, next: 1000, last: nil),
        ]
        #expect(try await check().passed(fences, by: Contents()) == fences)
    }

    @Test func aLastRecordThatIsNoLongerHeldIsNotCompared() async throws {
        var contents = Contents()
        contents.partitions = [PartitionKey(of: counted): HeldOffsets(first: 8, end: 20)]
        #expect(try await check().passed([counted], by: contents) == [counted])
    }

    @Test func aTopicThatEndsBelowTheFenceIsRefused() async throws {
        let error = try await refusal(of: Fixture.fence(next: 101), by: Contents())
        #expect(error.kind == .fence)
        #expect(
            error.description
                == "topic texts, partition 0: the last checkpoint stands at offset 101, but the topic ends at 100: it was "
                + "recreated or truncated. Start with --accept-gap to go on from offset 0; the evidence is then marked "
                + "inexact.")
        #expect(notices.lines.isEmpty)
    }

    @Test func recordsDeletedUnreadAreRefused() async throws {
        var contents = Contents()
        contents.partitions = [PartitionKey(of: counted): HeldOffsets(first: 9, end: 20)]
        let error = try await refusal(of: counted, by: contents)
        #expect(
            error.description
                == "topic texts, partition 0: the last checkpoint stands at offset 8, but the oldest record kept is 9: "
                + "records in between have been deleted unread. Start with --accept-gap to go on from offset 9; the "
                + "evidence is then marked inexact.")
    }

    @Test func aPartitionThatIsGoneIsRefused() async throws {
        let error = try await refusal(of: Fixture.fence(partition: 3, next: 1), by: Contents())
        #expect(
            error.description
                == "topic texts, partition 3: the topic was recreated with fewer partitions, and this one is gone. Start "
                + "with --accept-gap to go on without it; the evidence is then marked inexact.")
    }

    @Test(arguments: [
        (
            SourceWords.kafka,
            "topic texts, partition 0: the record at offset 7 is not the one that the last checkpoint counted: the topic "
                + "was recreated with other records. Start with --accept-gap to go on from offset 8; the evidence is then "
                + "marked inexact."
        ),
        (
            SourceWords.file,
            "texts: the line at byte 7 is not the one that the last checkpoint counted: the file was changed. Start with "
                + "--accept-gap to go on from byte 8 all the same; the evidence is then marked inexact."
        ),
        (
            SourceWords.cache,
            "texts: row 7 is not the one that the last checkpoint counted: the cache was made again. Start with "
                + "--accept-gap to go on from row 8 all the same; the evidence is then marked inexact."
        ),
    ]) func anotherRecordInItsPlaceIsRefusedInTheWordsOfTheSource(words: SourceWords, text: String) async throws {
        #expect(try await refusal(of: counted, by: Contents(words: words, hashes: [7: 18])).description == text)
        #expect(try await refusal(of: counted, by: Contents(words: words)).description == text)
    }

    @Test func withAnAcceptedGapReadingGoesOnAndTheOthersKeepTheirPlace() async throws {
        var contents = Contents(hashes: [7: 18])
        contents.partitions[PartitionKey(topic: "texts", partition: 1)] = HeldOffsets(first: 4, end: 5)
        let beyond = Fixture.fence(partition: 1, next: 9, last: Fence.LastRecord(offset: 8, hash: 1))
        let others = Fixture.fence("other", next: 3)
        let passed = try await check(acceptsGap: true).passed([beyond, others, counted], by: contents)
        #expect(passed == [Fixture.fence(partition: 1, next: 4), others, Fixture.fence(next: 8)])
        #expect(
            notices.lines == [
                "texts/1: the last checkpoint stands at offset 9, but the topic ends at 5: it was recreated or truncated; "
                    + "going on, the evidence is inexact from now on",
                "texts/0: the record at offset 7 is not the one that the last checkpoint counted: the topic was recreated "
                    + "with other records; going on, the evidence is inexact from now on",
            ])
    }

    @Test func anAcceptedPartitionThatIsGoneLosesItsFence() async throws {
        let passed = try await check(acceptsGap: true)
            .passed([Fixture.fence(partition: 3, next: 1)], by: Contents())
        #expect(passed.isEmpty)
        #expect(notices.lines.count == 1)
    }

    @Test func aGapThatCannotBeNotedEndsTheStart() async throws {
        let check = FenceCheck(node: "corpus", acceptsGap: true, onGap: { _ in throw Mishap() })
        await #expect(throws: Mishap.self) { _ = try await check.passed([counted], by: Contents()) }
    }
}
