import Testing

@testable import Inference

@Suite struct RequestAttemptsTests {
    private func error(_ kind: InferenceError.Kind) -> InferenceError { InferenceError(kind, "x") }

    /// The attempts after which a request is given up, at most 50.
    private func attempts(_ kind: InferenceError.Kind, answered: (Int) -> UInt64?) -> Int {
        var policy = RetryPolicy()
        policy.maximumAttempts = 3
        var attempts = RequestAttempts(policy)
        for number in 1...50 where attempts.delay(after: error(kind), answered: answered(number), random: 0.5) == nil {
            return number
        }
        return 50
    }

    @Test func anOutageUsesUpNoneAndAServersWishNever() {
        #expect(attempts(.unreachable) { _ in 7 } == 50)
        #expect(attempts(.unavailable) { _ in 7 } == 50)
        #expect(attempts(.rateLimited) { UInt64($0) } == 50)
    }

    @Test func aRequestThatAloneFailsWhileOthersAreAnsweredIsGivenUp() {
        // Its first failure may be an outage's.
        #expect(attempts(.unreachable) { UInt64($0) } == 4)
        #expect(attempts(.unavailable) { UInt64($0) } == 4)
    }

    @Test(arguments: [InferenceError.Kind.timedOut, .serverFailure, .garbled])
    func whatMayBeItsOwnFaultAlwaysCounts(kind: InferenceError.Kind) {
        #expect(attempts(kind) { _ in 0 } == 3)
    }

    @Test func withoutSomebodyWhoCountsAnswersEachFailureCounts() {
        #expect(attempts(.unreachable) { _ in nil } == 3 && attempts(.rateLimited) { _ in nil } == 3)
    }

    @Test(arguments: [InferenceError.Kind.refused, .badAnswer, .cancelled, .budgetSpent, .tooLong, .unsupported])
    func whatIsFinalIsGivenUpAtOnce(kind: InferenceError.Kind) {
        #expect(attempts(kind) { _ in 0 } == 1)
    }

    @Test func delaysAreThoseOfThePolicyOrTheRestsOfTheEndpoint() {
        var attempts = RequestAttempts(RetryPolicy())
        #expect(attempts.delay(after: error(.unreachable), answered: 0, random: 1) == .zero)
        #expect(attempts.delay(after: error(.serverFailure), answered: 0, random: 1) == .milliseconds(500))
        #expect(attempts.delay(after: error(.serverFailure), answered: 0, random: 1) == .seconds(1))
    }
}
