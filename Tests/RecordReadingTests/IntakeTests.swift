import Elements
import StateFixtures
import Testing

@testable import RecordReading

@Suite struct IntakeTests {
    private let texts = PartitionKey(topic: "texts", partition: 0)
    private let source = ScriptedSource()

    private func started(after fences: [Fence] = []) -> IntakeState {
        var state = IntakeState(sources: ["corpus"])
        state.start("corpus", source, after: fences)
        return state
    }

    private func within(_ offset: Int64, contexts: Int) -> Fence {
        Fence(source: "corpus", topic: "texts", partition: 0, next: offset, last: nil, contexts: contexts)
    }

    @Test func itStandsAtTheFencesOfTheStartUntilSomethingComes() {
        let fence = within(5, contexts: 2)
        var state = started(after: [fence, Fixture.fence("other", next: 9)])
        #expect(state.fences == [fence])
        state.pass([within(5, contexts: 3)])
        #expect(state.fences == [within(5, contexts: 3)])
        state.pass([Fixture.fence(next: 6)])
        #expect(state.fences == [Fixture.fence(next: 6)])
    }

    @Test func aPartitionThatBeginsAnewStandsThereWhateverIsUnderWayOfIt() {
        func fence(_ next: Int64, reading: Int) -> Fence {
            Fence(source: "corpus", topic: "texts", partition: 0, next: next, last: nil, reading: reading)
        }
        var state = started()
        state.move("corpus", begun: [fence(0, reading: 1)], ended: [])
        state.read("corpus", to: [texts: 9])
        state.pass([fence(5, reading: 1)])
        state.move("corpus", begun: [fence(4, reading: 2)], ended: [])
        state.pass([fence(9, reading: 1)])
        #expect(state.fences == [fence(4, reading: 2)])
        state.read("corpus", to: [texts: 6])
        #expect(state.questions == nil)
        state.pass([fence(6, reading: 2)])
        #expect(state.questions?.map(\.next) == [[texts: 6]])
    }

    @Test func aPartitionThatOthersReadIsNotWaitedFor() {
        var state = started()
        state.move("corpus", begun: [Fixture.fence(next: 0)], ended: [])
        state.read("corpus", to: [texts: 4])
        #expect(state.questions == nil)
        state.move("corpus", begun: [], ended: [texts])
        #expect(state.fences.isEmpty && state.questions?.map(\.next) == [[:]])
    }

    @Test func aFenceBehindTheOneReachedIsPassedOver() {
        var state = started()
        state.pass([within(7, contexts: 1), Fixture.fence(next: 7), Fixture.fence(partition: 1, next: 3)])
        #expect(state.fences == [within(7, contexts: 1), Fixture.fence(partition: 1, next: 3)])
    }

    @Test func aSourceIsAskedOnlyOnceAllThatWasReadHasCome() {
        var state = started()
        state.read("corpus", to: [texts: 4])
        #expect(state.questions == nil)
        state.pass([Fixture.fence(next: 3)])
        #expect(state.questions == nil)
        state.pass([within(3, contexts: 1)])
        #expect(state.questions == nil)
        state.pass([Fixture.fence(next: 4)])
        #expect(state.questions?.map(\.next) == [[texts: 4]])
        #expect(!state.isExhausted)
    }

    @Test func aFenceWithinARecordIsNotTheEndOfWhatWasRead() {
        var state = started(after: [within(4, contexts: 1)])
        #expect(state.questions == nil)
        state.pass([Fixture.fence(next: 5)])
        #expect(state.questions?.count == 1)
    }

    @Test func aSourceAtItsEndIsNotAsked() {
        var state = started()
        state.read("corpus", to: [texts: 4])
        state.end("corpus", isExhausted: true)
        #expect(!state.isExhausted)
        state.pass([Fixture.fence(next: 4)])
        #expect(state.isExhausted && state.questions?.isEmpty == true)
    }

    @Test func aSourceThatHasNotStartedOrWasNotReachedIsNeverCaughtUp() {
        var state = IntakeState(sources: ["corpus", "far"])
        state.start("corpus", source, after: [])
        state.end("corpus", isExhausted: true)
        #expect(state.questions == nil && !state.isExhausted)
        state.end("far", isExhausted: false)
        #expect(state.questions == nil && !state.isExhausted)
    }
}
