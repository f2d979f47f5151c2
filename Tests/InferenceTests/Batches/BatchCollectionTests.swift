import Hashing
import Testing

@testable import Inference

@Suite struct BatchCollectionTests {
    private static func id(_ number: UInt64) -> QuestionID { QuestionID(Hash128(high: 0, low: number)) }

    private static func limits(requests: Int = 3, bytes: Int = 100) -> BatchLimits {
        var limits = BatchLimits()
        (limits.requests, limits.bytes, limits.collecting) = (requests, bytes, .seconds(60))
        return limits
    }

    @Test func questionsAreSentOnceThereAreEnough() {
        var collection = BatchCollection(Self.limits())
        for number in 0..<2 as Range<UInt64> { collection.add(Self.id(number), bytes: 10, at: .zero) }
        #expect(collection.take(at: .seconds(59)) == nil && collection.due == .seconds(60))
        collection.add(Self.id(2), bytes: 10, at: .seconds(59))
        #expect(collection.take(at: .seconds(59)) == [0, 1, 2].map(Self.id))
        #expect(collection.count == 0 && collection.due == nil && collection.take(at: .seconds(500)) == nil)
    }

    @Test func fewQuestionsAreSentAfterAWhile() {
        var collection = BatchCollection(Self.limits())
        collection.add(Self.id(0), bytes: 10, at: .seconds(5))
        collection.add(Self.id(1), bytes: 10, at: .seconds(30))
        #expect(collection.take(at: .seconds(64)) == nil)
        #expect(collection.take(at: .seconds(65)) == [0, 1].map(Self.id))
    }

    @Test func aBatchHasNoMoreBytesThanItMay() {
        var collection = BatchCollection(Self.limits(requests: 50, bytes: 100))
        for number in 0..<4 as Range<UInt64> { collection.add(Self.id(number), bytes: 40, at: .zero) }
        #expect(collection.take(at: .zero) == [0, 1].map(Self.id))
        #expect(collection.take(at: .zero) == nil)
        // One that is too large by itself goes alone.
        collection.add(Self.id(9), bytes: 4000, at: .zero)
        #expect(collection.take(at: .zero) == [2, 3].map(Self.id))
        #expect(collection.take(at: .zero) == [Self.id(9)])
    }

    @Test func aQuestionIsCollectedOnceAndCanBeTakenBack() {
        var collection = BatchCollection(Self.limits())
        collection.add(Self.id(0), bytes: 10, at: .zero)
        collection.add(Self.id(0), bytes: 10, at: .seconds(3))
        collection.add(Self.id(1), bytes: 10, at: .seconds(3))
        #expect(collection.count == 2)
        collection.remove(Self.id(0))
        #expect(collection.take(at: .seconds(60)) == [Self.id(1)])
        collection.add(Self.id(0), bytes: 10, at: .seconds(70))
        collection.remove(Self.id(0))
        #expect(collection.due == nil)
    }

    @Test func aServerWithoutRoomGetsSmallerBatchesLaterUntilItHasTakenOne() {
        var collection = BatchCollection(Self.limits(requests: 4))
        for number in 0..<4 as Range<UInt64> { collection.add(Self.id(number), bytes: 1, at: .zero) }
        let first = collection.take(at: .zero) ?? []
        collection.foundNoRoom(for: first.count, at: .seconds(1))
        for question in first { collection.add(question, bytes: 1, at: .seconds(1)) }
        #expect(collection.mostRequests == 2 && collection.due == .seconds(61))
        #expect(collection.take(at: .seconds(60)) == nil)
        #expect(collection.take(at: .seconds(61)) == [0, 1].map(Self.id))
        collection.foundNoRoom(for: 2, at: .seconds(61))
        #expect(collection.mostRequests == 1 && collection.due == .seconds(181))
        collection.foundRoom()
        #expect(collection.mostRequests == 4)
    }
}
