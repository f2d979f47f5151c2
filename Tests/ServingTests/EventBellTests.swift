import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(1))) struct EventBellTests {
    @Test func aListenerHearsOnceAtFirstAndAfterARing() async throws {
        let bell = EventBell()
        var rings = try #require(bell.rings()).makeAsyncIterator()
        #expect(await rings.next() != nil)
        bell.ring()
        bell.ring()
        #expect(await rings.next() != nil)
        bell.close()
        #expect(await rings.next() == nil)
    }

    @Test func noMoreThanTheMostListenAndPlacesAreGivenBack() async throws {
        let bell = EventBell(maximumListeners: 2)
        let first = bell.rings()
        var second = bell.rings()
        #expect(bell.rings() == nil)
        #expect(first != nil && second != nil)
        second = nil
        // Letting a stream go ends its listening.
        #expect(bell.rings() != nil)
        withExtendedLifetime(first) {}
    }

    @Test func aClosedBellTakesNobody() {
        let bell = EventBell()
        bell.close()
        #expect(bell.rings() == nil)
    }
}
