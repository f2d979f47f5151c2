import Dataflow
import Testing

@Suite struct WaitingLineTests {
    private final class Tracked: Sendable {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test func elementsComeOutInTheOrderInWhichTheyCameHoweverTheyAlternate() {
        var line = WaitingLine<Int>()
        var (next, expected) = (0, 0)
        for round in 0..<400 {
            for _ in 0..<(round % 7) {
                line.append(next)
                next += 1
            }
            for _ in 0..<(round % 5) where expected < next {
                #expect(line.take() == expected)
                expected += 1
            }
            #expect(line.count == next - expected)
        }
        while let element = line.take() {
            #expect(element == expected)
            expected += 1
        }
        #expect(expected == next)
        #expect(line.take() == nil)
        #expect(line.count == 0)
    }

    @Test func whatIsTakenOutIsNotHeld() {
        var line = WaitingLine<Tracked>()
        weak var first: Tracked?
        do {
            let tracked = Tracked(0)
            first = tracked
            line.append(tracked)
        }
        line.append(Tracked(1))
        #expect(first?.number == 0)
        #expect(line.take()?.number == 0)
        #expect(first == nil)
        #expect(line.count == 1)
    }

    @Test func aPoolLetsGoOfWhatItsWorkHasCaptured() async throws {
        let pool = ComputePool<Void>(name: "letting-go", threads: 1)
        weak var captured: Tracked?
        do {
            let tracked = Tracked(7)
            captured = tracked
            #expect(try await pool.run { _ in tracked.number } == 7)
        }
        // Behind the first, so that its thread is through with that.
        try await pool.run { _ in }
        #expect(captured == nil)
    }
}
