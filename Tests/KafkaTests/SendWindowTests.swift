internal import Testing

@testable internal import Kafka

@Suite struct SendWindowTests {
    @Test func boundsTheNumberUnderWay() {
        var window = SendWindow(maximumMessages: 2, maximumBytes: 100)
        #expect(window.enter(weight: 1) == nil)
        #expect(window.enter(weight: 1) == nil)
        #expect(window.enter(weight: 1) == 1)
        #expect(window.leave(weight: 1) == [1])
        #expect(window.messages == 2)
    }

    @Test func boundsTheBytesUnderWay() {
        var window = SendWindow(maximumMessages: 10, maximumBytes: 100)
        #expect(window.enter(weight: 60) == nil)
        #expect(window.enter(weight: 60) == 1)
        #expect(window.leave(weight: 60) == [1])
        #expect(window.bytes == 60)
    }

    @Test func nobodyOvertakesAWaitingSender() {
        var window = SendWindow(maximumMessages: 10, maximumBytes: 100)
        #expect(window.enter(weight: 60) == nil)
        #expect(window.enter(weight: 90) == 1)
        #expect(window.enter(weight: 1) == 2)
        #expect(window.leave(weight: 60) == [1, 2])
    }

    @Test func aMessageAboveTheBoundGoesAlone() {
        var window = SendWindow(maximumMessages: 10, maximumBytes: 100)
        #expect(window.enter(weight: 500) == nil)
        #expect(window.enter(weight: 1) == 1)
        #expect(window.leave(weight: 500) == [1])
        #expect(window.bytes == 1)
        #expect(window.leave(weight: 1) == [])
        #expect(window.bytes == 0)
    }

    @Test func aSenderThatGivesUpLetsTheNextOneIn() {
        var window = SendWindow(maximumMessages: 10, maximumBytes: 100)
        #expect(window.enter(weight: 50) == nil)
        #expect(window.enter(weight: 90) == 1)
        #expect(window.enter(weight: 50) == 2)
        let gaveUp = window.giveUp(1)
        #expect(gaveUp.wasWaiting)
        #expect(gaveUp.admitted == [2])
        #expect(!window.giveUp(2).wasWaiting)
    }
}
