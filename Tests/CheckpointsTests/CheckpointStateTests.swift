import Elements
import StateFixtures
import Store
import Testing

@testable import Checkpoints

@Suite struct CheckpointStateTests {
    private func state(_ sources: Set<String>, _ terminals: Set<String>, lastEpoch: UInt64 = 0) -> CheckpointState {
        CheckpointState(sources: sources, terminals: terminals, lastEpoch: lastEpoch)
    }

    @Test func anEpochStartsBehindTheLastAndAsksEveryLiveSource() {
        var state = state(["a", "b"], ["t"], lastEpoch: 41)
        let started = state.start()
        #expect(started?.epoch == 42)
        #expect(started?.sources == ["a", "b"])
    }

    @Test func anEpochIsCompleteOnceEverySourceHasReportedAndEveryTerminalSubmitted() throws {
        var state = state(["a", "b"], ["t", "u"])
        #expect(state.takeIfComplete() == nil)
        _ = state.start()
        state.submit(terminal: "t", keeping: [.init(node: "t", bytes: [1, 2])])
        state.report(source: "a", epoch: 1, fences: [Fixture.fence("a", next: 3)])
        #expect(state.takeIfComplete() == nil)
        state.report(source: "b", epoch: 1, fences: [Fixture.fence("b", next: 4)])
        #expect(state.takeIfComplete() == nil)
        state.submit(terminal: "u")
        let whole = state.takeIfComplete()
        let complete = try #require(whole)
        #expect(complete.epoch == 1)
        #expect(complete.fences == [Fixture.fence("a", next: 3), Fixture.fence("b", next: 4)])
        #expect(complete.segments.map(\.node) == ["t"])
        #expect(complete.segments.map(\.bytes) == [[1, 2]])
    }

    @Test func whatIsWrittenAheadBelongsToTheEpochUnderWayOrElseToTheNext() {
        var state = state(["a"], ["t"], lastEpoch: 6)
        #expect(state.coming == 7)
        _ = state.start()
        #expect(state.coming == 7)
        complete(&state, epoch: 7)
        _ = state.takeIfComplete()
        _ = state.finish()
        #expect(state.coming == 8)
    }

    @Test func whatIsCompleteIsTakenOnce() {
        var state = state(["a"], ["t"])
        complete(&state, epoch: 1)
        #expect(state.takeIfComplete() != nil)
        #expect(state.takeIfComplete() == nil)
    }

    @Test func aReportCountsOnceAndOnlyForTheEpochUnderWay() {
        var state = state(["a", "b"], ["t"], lastEpoch: 6)
        state.report(source: "a", epoch: 7, fences: [Fixture.fence("a", next: 1)])
        _ = state.start()
        state.submit(terminal: "t")
        state.report(source: "a", epoch: 6, fences: [Fixture.fence("a", next: 2)])
        state.report(source: "b", epoch: 7, fences: [Fixture.fence("b", next: 3)])
        state.report(source: "b", epoch: 7, fences: [Fixture.fence("b", next: 4)])
        #expect(state.takeIfComplete() == nil)
        state.report(source: "a", epoch: 7, fences: [Fixture.fence("a", next: 5)])
        let fences = state.takeIfComplete()?.fences
        #expect(fences == [Fixture.fence("b", next: 3), Fixture.fence("a", next: 5)])
    }

    @Test func aSourceThatEndsIsNoLongerAwaited() {
        var state = state(["a", "b"], ["t"])
        _ = state.start()
        state.report(source: "a", epoch: 1, fences: [])
        state.submit(terminal: "t")
        #expect(state.takeIfComplete() == nil)
        state.end(source: "b")
        #expect(state.takeIfComplete() != nil)
        #expect(state.finish() == false)
        #expect(state.start()?.sources == ["a"])
    }

    @Test func noEpochStartsOnceEverySourceHasEnded() {
        var state = state(["a", "b"], ["t"])
        state.end(source: "a")
        #expect(!state.isOver)
        state.end(source: "b")
        #expect(state.isOver)
        #expect(state.start() == nil)
    }

    @Test func aBarrierAskedForWhileOneIsUnderWayIsDueAfterwardsOnce() {
        var state = state(["a"], ["t"])
        _ = state.start()
        #expect(state.start() == nil)
        #expect(state.start() == nil)
        complete(&state, epoch: 1, isStarted: true)
        #expect(state.takeIfComplete() != nil)
        #expect(state.finish() == true)
        #expect(state.start()?.epoch == 2)
        complete(&state, epoch: 2, isStarted: true)
        #expect(state.takeIfComplete() != nil)
        #expect(state.finish() == false)
    }

    @Test func aBarrierAskedForWhileTheEpochIsBeingWrittenIsDueAfterwards() {
        var state = state(["a"], ["t"])
        complete(&state, epoch: 1)
        #expect(state.takeIfComplete() != nil)
        #expect(state.start() == nil)
        #expect(state.finish() == true)
    }

    @Test func anEpochKnowsWhenItWasFirstAskedFor() {
        var state = state(["a"], ["t"])
        _ = state.start(at: .seconds(1))
        #expect(state.start(at: .seconds(2)) == nil)
        #expect(state.start(at: .seconds(3)) == nil)
        complete(&state, epoch: 1, isStarted: true)
        #expect(state.takeIfComplete()?.asked == .seconds(1))
        #expect(state.finish() == true)
        _ = state.start(at: .seconds(9))
        complete(&state, epoch: 2, isStarted: true)
        #expect(state.takeIfComplete()?.asked == .seconds(2))
        #expect(state.finish() == false)
        _ = state.start(at: .seconds(12))
        complete(&state, epoch: 3, isStarted: true)
        #expect(state.takeIfComplete()?.asked == .seconds(12))
    }

    @Test func deadLettersGoIntoTheNextCompleteEpoch() {
        var state = state(["a"], ["t"])
        state.add([Fixture.letter(1)])
        _ = state.start()
        state.add([Fixture.letter(2)])
        complete(&state, epoch: 1, isStarted: true)
        #expect(state.takeIfComplete()?.deadLetters == [Fixture.letter(1), Fixture.letter(2)])
        state.add([Fixture.letter(3)])
        #expect(state.finish() == false)
        complete(&state, epoch: 2)
        #expect(state.takeIfComplete()?.deadLetters == [Fixture.letter(3)])
    }

    @Test func anEpochHoldsNothingOfTheOneBefore() throws {
        var state = state(["a"], ["t"])
        complete(&state, epoch: 1)
        #expect(state.takeIfComplete()?.segments.count == 1)
        _ = state.finish()
        _ = state.start()
        state.report(source: "a", epoch: 2, fences: [])
        #expect(state.takeIfComplete() == nil)
        state.submit(terminal: "t")
        let taken = state.takeIfComplete()
        let second = try #require(taken)
        #expect(second.epoch == 2)
        #expect(second.fences.isEmpty)
        #expect(second.segments.isEmpty)
    }

    /// Lets the source `a` report and the terminal `t` submit.
    private func complete(_ state: inout CheckpointState, epoch: UInt64, isStarted: Bool = false) {
        if !isStarted { _ = state.start() }
        state.report(source: "a", epoch: epoch, fences: [Fixture.fence("a", next: Int64(epoch))])
        state.submit(terminal: "t", keeping: [.init(node: "t", bytes: [UInt8(truncatingIfNeeded: epoch)])])
    }
}
