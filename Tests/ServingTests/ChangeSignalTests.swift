import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct ChangeSignalTests {
    @Test func aListenerHearsOnceAtFirstAndAfterAChange() async throws {
        let signal = ChangeSignal()
        var changes = try #require(signal.listen()).makeAsyncIterator()
        #expect(await changes.next() != nil)
        signal.send()
        signal.send()
        #expect(await changes.next() != nil)
        signal.close()
        #expect(await changes.next() == nil)
    }

    @Test func noMoreThanTheMostListenAndPlacesAreGivenBack() async throws {
        let signal = ChangeSignal(maximumListeners: 2)
        let first = signal.listen()
        var second = signal.listen()
        #expect(signal.listen() == nil)
        #expect(first != nil && second != nil)
        second = nil
        // Letting a stream go ends its listening.
        #expect(signal.listen() != nil)
        withExtendedLifetime(first) {}
    }

    @Test func aClosedSignalTakesNobody() {
        let signal = ChangeSignal()
        signal.close()
        #expect(signal.listen() == nil)
    }
}
