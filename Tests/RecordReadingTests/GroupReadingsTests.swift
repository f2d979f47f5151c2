import Kafka
import Testing

@testable import RecordReading

@Suite struct GroupReadingsTests {
    private let zero = TopicPartition(topic: "t", partition: 0)
    private let one = TopicPartition(topic: "t", partition: 1)

    private func place(_ offset: Int64) -> GroupReadings.Place {
        GroupReadings.Place(offset: offset, isCommitted: offset > 0)
    }

    @Test func whatComesBackAtOnceIsReadOnWhereItStood() {
        var readings = GroupReadings()
        let first = readings.deal([zero: place(0), one: place(8)], positions: [:])
        #expect(first.offsets == [zero: 0, one: 8] && first.begun.map(\.reading) == [1, 2] && first.ended.isEmpty)
        #expect(first.begun.map(\.place.isCommitted) == [false, true])
        // The group has committed the start of a block; this process has read further.
        let second = readings.deal([zero: place(16)], positions: [zero: 21, one: 30])
        #expect(second.offsets == [zero: 21] && second.begun.isEmpty && second.ended == [one])
        #expect(readings.current == [zero: 1])
    }

    @Test func whatOthersReadMeanwhileBeginsAnewAsAnotherReading() {
        var readings = GroupReadings()
        _ = readings.deal([zero: place(0)], positions: [:])
        // It stood still, and somebody else has told more.
        let late = readings.deal([zero: place(64)], positions: [zero: 21])
        #expect(late.offsets == [zero: 64] && late.begun.map(\.reading) == [2] && late.ended.isEmpty)
        let none = readings.deal([:], positions: [zero: 70])
        #expect(none.ended == [zero])
        let again = readings.deal([zero: place(64)], positions: [zero: 70])
        #expect(again.offsets == [zero: 64] && again.begun.map(\.reading) == [3])
    }
}
