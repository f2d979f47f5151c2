import NIOCore
import Testing
import Topology

@testable import Serving

/// The times of a connection; a request has 10 s, a connection without one 75 s.
@Suite struct ConnectionTimesTests {
    static let limits = ConnectionLimits(connections: 4, request: .seconds(10), idle: .seconds(75))

    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }
    private func times() -> ConnectionTimes { ConnectionTimes(limits: Self.limits, now: at(0)) }

    @Test func aConnectionWithoutARequestEndsAfterTheIdleTime() {
        let times = times()
        #expect(times.deadline == at(75))
        #expect(times.ending(at: at(74)) == nil)
        #expect(times.ending(at: at(75)) == .idle)
        #expect(times.isWaitingForClient)
    }

    @Test func aRequestThatComesByteByByteGetsNoMoreTimeForEachByte() {
        var times = times()
        for second in 1..<11 { times.bytesCame(at: at(Int64(second))) }
        #expect(times.deadline == at(11))
        #expect(times.ending(at: at(11)) == .unfinishedRequest)
    }

    @Test func aBodyBelongsToTheTimeOfItsRequest() {
        var times = times()
        times.bytesCame(at: at(1))
        times.headCame(at: at(2))
        times.bytesCame(at: at(9))
        #expect(times.deadline == at(11))
        times.requestEnded()
        #expect(times.deadline == nil)
    }

    @Test func anAnswerMayTakeAsLongAsItNeeds() {
        var times = times()
        times.headCame(at: at(1))
        times.requestEnded()
        #expect(times.isAnswering)
        #expect(!times.isWaitingForClient)
        #expect(times.ending(at: at(1_000_000)) == nil)
        times.answerEnded(at: at(2_000))
        #expect(times.deadline == at(2_075))
        #expect(times.isWaitingForClient)
    }

    @Test func aClientThatTakesNothingOfItsAnswerIsLetGo() {
        var times = times()
        times.headCame(at: at(1))
        times.requestEnded()
        times.becameWritable(false, at: at(5))
        #expect(times.isWaitingForClient)
        #expect(times.ending(at: at(79)) == nil)
        #expect(times.ending(at: at(80)) == .idle)
        // One that takes some of it has its time anew.
        times.becameWritable(true, at: at(6))
        #expect(times.deadline == nil)
    }

    @Test func severalRequestsAtOnceAreAnsweredBeforeTheConnectionIsIdle() {
        var times = times()
        for _ in 0..<2 {
            times.bytesCame(at: at(1))
            times.headCame(at: at(1))
            times.requestEnded()
        }
        times.answerEnded(at: at(2))
        #expect(times.deadline == nil)
        times.answerEnded(at: at(3))
        #expect(times.deadline == at(78))
    }

    @Test func aRefusedClientIsListenedToForAMoment() {
        var times = times()
        times.bytesCame(at: at(1))
        times.refused(at: at(4))
        #expect(times.deadline == at(4) + ConnectionLimits.linger)
        #expect(times.ending(at: at(6)) == .refused)
        #expect(times.isWaitingForClient)
    }

    @Test(arguments: [(1_048_576, 256), (384, 256), (256, 128), (130, 32), (64, 16), (20, 5), (0, 1)])
    func connectionsLeaveRoomForTheRestOfTheProcess(descriptors: Int, connections: Int) {
        let limits = HTTPLimits(connections: 256, requestMilliseconds: 10_000, idleMilliseconds: 75_000)
        #expect(ConnectionLimits(limits, descriptors: descriptors).connections == connections)
    }
}
