import Testing

@testable import Dataflow

@Suite struct BarrierAlignmentTests {
    private func alignment(of connections: Int) -> BarrierAlignment {
        var alignment = BarrierAlignment()
        for number in 0..<connections { #expect(alignment.connect() == number) }
        return alignment
    }

    private func word(_ action: BarrierAlignment.Action) -> String {
        switch action {
        case .hold: "hold"
        case .pass(let barrier): "pass \(barrier.epoch) \(barrier.isCaughtUp)"
        case .finish: "finish"
        }
    }

    private func barrier(_ epoch: UInt64, caughtUp: Bool = true) -> Barrier {
        Barrier(epoch: epoch, isCaughtUp: caughtUp)
    }

    @Test func aSenderThatHasEndedHoldsNoBarrierBack() {
        var alignment = alignment(of: 3)
        #expect(word(alignment.end(1)) == "hold")
        #expect(word(alignment.arrive(0, barrier(4))) == "hold")
        #expect(word(alignment.arrive(2, barrier(4, caughtUp: false))) == "pass 4 false")
        #expect(word(alignment.passed().action) == "hold")
        #expect(word(alignment.arrive(0, barrier(5))) == "hold")
        // The end of the last that was waited for lets the others' barrier pass.
        #expect(word(alignment.end(2)) == "pass 5 true")
        #expect(word(alignment.passed().action) == "hold")
        #expect(word(alignment.end(0)) == "finish")
    }

    @Test func nothingIsPassedWhileABarrierIsBeingPutIntoTheQueue() {
        var alignment = alignment(of: 1)
        #expect(word(alignment.arrive(0, barrier(1))) == "pass 1 true")
        #expect(!alignment.mayPass(0))
        // The end comes only after the barrier.
        #expect(word(alignment.end(0)) == "hold")
        #expect(word(alignment.passed().action) == "finish")
        #expect(alignment.mayPass(0))
    }

    @Test func afterAFailureNothingPassesAndTheFirstErrorStays() async {
        var alignment = alignment(of: 2)
        _ = alignment.arrive(0, barrier(1))
        #expect(alignment.fail(Broken()).isEmpty)
        #expect(alignment.fail(CancellationError()).isEmpty)
        #expect(word(alignment.arrive(1, barrier(1))) == "hold")
        #expect(!alignment.mayPass(0) && !alignment.mayPass(1))
        let fails = alignment
        await #expect(throws: Broken.self) {
            try await withCheckedThrowingContinuation { waiter in
                var alignment = fails
                guard let result = alignment.wait(1, waiter) else { return waiter.resume() }
                waiter.resume(with: result)
            }
        }
    }

    /// Each sender goes through its own barriers and ends; a naive twin says when all have come.
    @Test(arguments: UInt64(1)...40)
    func whateverTheOrderEachBarrierPassesOnceAllHaveBroughtItOrEnded(seed: UInt64) {
        var state = seed
        let count = 3
        var alignment = alignment(of: count)
        var left = (0..<count).map { ($0 + Int(seed)) % 4 }
        var epochs = [UInt64](repeating: 0, count: count)
        var (holding, ended): (Set<Int>, Set<Int>) = ([], [])
        var (passed, finished) = (0, false)
        while ended.count < count || !holding.isEmpty {
            let free = (0..<count).filter { !holding.contains($0) && !ended.contains($0) }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            guard !free.isEmpty else { return #expect(Bool(false), "all wait for one another") }
            let sender = free[Int((state >> 33) % UInt64(free.count))]
            #expect(alignment.mayPass(sender))
            let action: BarrierAlignment.Action
            if left[sender] > 0 {
                left[sender] -= 1
                epochs[sender] += 1
                holding.insert(sender)
                action = alignment.arrive(sender, barrier(epochs[sender]))
            } else {
                ended.insert(sender)
                action = alignment.end(sender)
            }
            if holding.isEmpty {
                finished = ended.count == count
                #expect(word(action) == (finished ? "finish" : "hold"))
            } else if holding.union(ended).count == count {
                passed += 1
                #expect(word(action) == "pass \(passed) true")
                holding = []
                finished = ended.count == count
                #expect(word(alignment.passed().action) == (finished ? "finish" : "hold"))
            } else {
                #expect(word(action) == "hold")
            }
        }
        #expect(finished && passed == (0..<count).map { ($0 + Int(seed)) % 4 }.max())
    }
}
