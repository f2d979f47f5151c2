import Testing

@testable import Inference

@Suite struct WorkSharesTests {
    @Test func eachSleepingWorkerIsWokenOnce() {
        var shares = WorkShares<Int>(workers: 2)
        #expect(shares.add(1) == 0)
        #expect(shares.add(2) == 1)
        #expect(shares.add(3) == nil)
    }

    @Test func workersTakeEqualShares() {
        var shares = WorkShares<Int>(workers: 2)
        for item in 0..<7 { _ = shares.add(item) }
        #expect(shares.take(worker: 0, room: 16) == [0, 1, 2, 3])
        #expect(shares.take(worker: 0, room: 16).isEmpty)
        #expect(shares.take(worker: 1, room: 2) == [4, 5])
        #expect(shares.take(worker: 1, room: 14) == [6])
        #expect(shares.take(worker: 1, room: 14).isEmpty)
        #expect(shares.take(worker: 5, room: 1).isEmpty)
    }

    @Test func aWorkerWithoutWorkTakesWhatWaits() {
        var shares = WorkShares<Int>(workers: 2)
        for item in 0..<4 { _ = shares.add(item) }
        #expect(shares.take(worker: 0, room: 1) == [0])
        let goesOn = shares.finish(worker: 0, count: 1)
        #expect(goesOn)
        #expect(shares.take(worker: 0, room: 16) == [1, 2])
    }

    @Test func aWorkerSleepsWhenNothingIsLeft() {
        var shares = WorkShares<Int>(workers: 1)
        #expect(shares.add(1) == 0)
        _ = shares.take(worker: 0, room: 4)
        let early = shares.finish(worker: 0, count: 0)
        #expect(early)
        _ = shares.add(2)
        let busy = shares.finish(worker: 0, count: 1)
        #expect(busy)
        _ = shares.take(worker: 0, room: 4)
        let done = shares.finish(worker: 0, count: 1)
        #expect(!done)
        #expect(shares.add(3) == 0)
    }
}
