import Elements
import Testing

@testable import Store

@Suite struct DeadLetterTests {
    @Test func aPositionIsTakenOnce() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let targets = ["corpus": [OutboxTarget(sink: "rejected", topic: "gloss.dead-letters")]]
        let first = [Fixture.letter(1), Fixture.letter(2, code: "null", value: [])]
        let counts = try store.commit(
            CheckpointCommit(epoch: 1, deadLetters: first, deadLetterTargets: targets))
        #expect(counts.deadLetters == 2)
        let second = [Fixture.letter(2, code: "other"), Fixture.letter(3)]
        #expect(
            try store.commit(CheckpointCommit(epoch: 2, deadLetters: second, deadLetterTargets: targets)).deadLetters
                == 1)
        let stored = try store.deadLetters(limit: 10)
        #expect(stored.map(\.letter) == first + [Fixture.letter(3)])
        #expect(stored.map(\.made) == [Fixture.time, Fixture.time, Fixture.time])
        #expect(try store.deadLetterCounts() == ["not-utf8": 2, "null": 1])
        #expect(
            try store.pendingOutbox(limit: 10).map(\.dedupe)
                == (1...3).map { "rejected/corpus/corpus/1/\($0)" })
    }

    @Test func lettersCanBeReadInPages() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 1, deadLetters: (0..<5).map { Fixture.letter($0) }))
        let page = try store.deadLetters(limit: 2)
        let rest = try store.deadLetters(after: try #require(page.last).sequence, limit: 10)
        #expect((page + rest).map(\.letter.position.offset) == [0, 1, 2, 3, 4])
        #expect(page.count == 2)
    }

    @Test func theSameOffsetOfAnotherPartitionIsAnotherRecord() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let letters = (0..<3).map { partition in
            DeadLetter(
                position: RecordPosition(source: "corpus", topic: "t", partition: partition, offset: 8), node: "tokens",
                code: "token-range", reason: "", value: [])
        }
        #expect(try store.commit(CheckpointCommit(epoch: 1, deadLetters: letters)).deadLetters == 3)
    }
}
