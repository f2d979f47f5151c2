import Elements
import Examples
import Hashing
import Testing

@Suite struct MarkedTokensTests {
    private func example(_ activations: [Float]) -> Example {
        let window = Window(
            tokens: activations.map { _ in 0 }, identity: Hash128(high: 0, low: 0), priority: 0)
        return Example(window: window, activations: activations)
    }

    @Test func marksAreStrictlyAboveTheShareOfThePeak() {
        let peak: Float = 10
        let edge = MarkedTokens.threshold * peak
        #expect(MarkedTokens.marks(of: example([0, edge, edge.nextUp, peak])) == [false, false, true, true])
    }

    @Test func silentTokensAreNeverMarked() {
        #expect(MarkedTokens.marks(of: example([0, 0])) == [false, false])
        #expect(MarkedTokens.marks(of: example([-1, -2])) == [false, false])
    }

    @Test func strengthsAreRoundedUpAndClamped() {
        let strengths = MarkedTokens.strengths(of: example([0, 0.01, 1, 1.01, 9.99, 10, 25, -3]), maximum: 10)
        #expect(strengths == [0, 1, 1, 2, 10, 10, 10, 0])
        #expect(MarkedTokens.strengths(of: example([1, 2]), maximum: 0) == [0, 0])
        #expect(MarkedTokens.strengths(of: example([1]), maximum: .leastNonzeroMagnitude) == [10])
    }
}
