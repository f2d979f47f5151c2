import Corpus
import Elements
import StateFixtures
import Testing

@testable import RecordReading

@Suite struct FenceCursorTests {
    private let texts = PartitionKey(topic: "texts", partition: 0)

    @Test func recordsBelowTheFenceAreDropped() {
        var cursor = FenceCursor(node: "corpus", fences: [Fixture.fence(next: 5)])
        let passed = (3...7).filter { cursor.advance(over: Fixture.record($0, "a")) != nil }
        #expect(passed == [5, 6, 7])
    }

    @Test func aRecordIsNotPassedTwice() {
        var cursor = FenceCursor(node: "corpus", fences: [])
        let passed = [0, 1, 0, 1, 2].map { cursor.advance(over: Fixture.record($0, "a")) }
        #expect(passed == [0, 0, nil, nil, 0])
    }

    @Test func itStartsAtTheFencesOfItsOwnSource() {
        let own = Fixture.fence(next: 5, last: Fence.LastRecord(offset: 4, hash: 17))
        var cursor = FenceCursor(node: "corpus", fences: [Fixture.fence("other", next: 100), own])
        #expect(cursor.next == [texts: 5])
        #expect(cursor.fences == [own])
        #expect(cursor.advance(over: Fixture.record(5, "a")) == 0)
    }

    @Test func eachPartitionHasItsNextOffsetAndTheHashOfItsLastRecord() {
        var cursor = FenceCursor(node: "corpus", fences: [Fixture.fence(partition: 2, next: 9)])
        let records = [
            Fixture.record(0, "first"), Fixture.record(40, "other", partition: 1), Fixture.record(1, "second"),
        ]
        for record in records { #expect(cursor.advance(over: record) == 0) }
        #expect(
            cursor.fences == [
                Fixture.fence(next: 2, last: Fence.LastRecord(offset: 1, hash: records[2].valueHash)),
                Fixture.fence(
                    partition: 1, next: 41, last: Fence.LastRecord(offset: 40, hash: records[1].valueHash)),
                Fixture.fence(partition: 2, next: 9),
            ])
        #expect(records[0].valueHash != records[2].valueHash)
    }

    @Test(arguments: [1, 64 << 10, (64 << 10) + 1])
    func theHashIsThatOfTheValueWhateverItsSize(bytes: Int) {
        var cursor = FenceCursor(node: "corpus", fences: [])
        let record = Fixture.record(0, String(repeating: "x", count: bytes))
        #expect(cursor.advance(over: record) == 0)
        #expect(
            cursor.fences == [Fixture.fence(next: 1, last: Fence.LastRecord(offset: 0, hash: record.valueHash))])
    }

    @Test func aRecordOfManyBytesMovesToWhereItsNextOneStarts() {
        var cursor = FenceCursor(node: "corpus", fences: [])
        let line = RawRecord(
            position: RecordPosition(source: "corpus", topic: "texts", partition: 0, offset: 100), next: 180,
            timestamp: 0, key: nil, value: [1])
        #expect(cursor.advance(over: line) == 0)
        #expect(cursor.next == [texts: 180])
    }

    @Test func aDroppedRecordIsNotRememberedAsTheLast() {
        let fence = Fixture.fence(next: 5, last: Fence.LastRecord(offset: 4, hash: 17))
        var cursor = FenceCursor(node: "corpus", fences: [fence])
        #expect(cursor.advance(over: Fixture.record(3, "a")) == nil)
        #expect(cursor.fences == [fence])
    }

    @Test func positionsWithoutRecordsMoveOnAndKeepTheLastRecord() {
        let last = Fence.LastRecord(offset: 4, hash: 17)
        var cursor = FenceCursor(node: "corpus", fences: [Fixture.fence(next: 5, last: last)])
        let other = PartitionKey(topic: "texts", partition: 1)
        cursor.advance(to: [texts: 8, other: 3])
        #expect(cursor.fences == [Fixture.fence(next: 8, last: last), Fixture.fence(partition: 1, next: 3)])
        #expect(cursor.advance(over: Fixture.record(7, "a")) == nil)
        #expect(cursor.advance(over: Fixture.record(8, "a")) == 0)
    }

    @Test func contextsCountedAreThoseOfTheRecordAtTheFenceOnly() {
        let last = Fence.LastRecord(offset: 5, hash: 17)
        let within = Fence(source: "corpus", topic: "texts", partition: 0, next: 5, last: last, contexts: 3)
        var cursor = FenceCursor(node: "corpus", fences: [within])
        #expect(cursor.fences == [within])
        #expect(cursor.advance(over: Fixture.record(4, "a")) == nil)
        #expect(cursor.advance(over: Fixture.record(5, "a")) == 3)
        #expect(cursor.advance(over: Fixture.record(6, "a")) == 0)
        var other = FenceCursor(node: "corpus", fences: [within])
        #expect(other.advance(over: Fixture.record(6, "a")) == 0)
        #expect(other.fences.map(\.contexts) == [0])
        var moved = FenceCursor(node: "corpus", fences: [within])
        moved.advance(to: [texts: 6])
        #expect(moved.fences.map(\.contexts) == [0])
    }

    @Test func positionsNeverMoveBack() {
        var cursor = FenceCursor(node: "corpus", fences: [Fixture.fence(next: 5)])
        cursor.advance(to: [texts: 2])
        #expect(cursor.next == [texts: 5])
    }
}
