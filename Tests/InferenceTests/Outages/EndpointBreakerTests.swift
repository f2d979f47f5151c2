import Testing

@testable import Inference

@Suite struct EndpointBreakerTests {
    private typealias Breaker = EndpointBreaker

    private static func error(_ kind: InferenceError.Kind, retryAfter: Duration? = nil) -> InferenceError {
        InferenceError(kind, "\(kind)", retryAfter: retryAfter)
    }

    /// A breaker that a failure opened at a time, with the whole of its first rest before it.
    private static func opened(
        by kind: InferenceError.Kind = .unreachable, at time: Duration = .zero, patience: Duration? = nil
    ) -> Breaker {
        var settings = Breaker.Settings()
        settings.patience = patience
        var breaker = Breaker(settings)
        #expect(breaker.failed(error(kind), isProbe: false, at: time, random: 1) == [])
        return breaker
    }

    @Test(arguments: [InferenceError.Kind.unreachable, .unavailable, .rateLimited])
    func whatSaysThatNobodyCanBeServedOpensItAtOnce(kind: InferenceError.Kind) {
        var breaker = Self.opened(by: kind)
        #expect(breaker.isOpen && breaker.ask(at: .milliseconds(499)) == .wait(until: .milliseconds(500)))
    }

    @Test(arguments: [InferenceError.Kind.timedOut, .serverFailure, .garbled])
    func whatMayBeOneRequestsFaultOpensItOnlyInARow(kind: InferenceError.Kind) {
        var breaker = Breaker()
        for _ in 0..<5 {
            for _ in 0..<2 { #expect(breaker.failed(Self.error(kind), isProbe: false, at: .zero, random: 1) == []) }
            #expect(!breaker.isOpen && breaker.ask(at: .zero) == .send)
            #expect(breaker.succeeded(isProbe: false) == [])
        }
        for _ in 0..<3 { _ = breaker.failed(Self.error(kind), isProbe: false, at: .zero, random: 1) }
        #expect(breaker.isOpen)
    }

    @Test func oneProbeGoesWhenTheRestIsOverAndTheOthersWaitForIt() {
        var breaker = Self.opened()
        #expect(breaker.ask(at: .milliseconds(500)) == .probe)
        #expect(breaker.ask(at: .milliseconds(500)) == .wait(until: nil))
        #expect(breaker.succeeded(isProbe: true) == [.wake])
        #expect(breaker.ask(at: .milliseconds(501)) == .send && breaker.latest == nil)
    }

    @Test func restsDoubleUpToTheCapAndEachProbeThatFailsIsToldOf() {
        var breaker = Self.opened(at: .seconds(5))
        var (time, rests): (Duration, [Duration]) = (.seconds(5), [])
        for _ in 0..<9 {
            guard case .wait(let until?) = breaker.ask(at: time) else { return #expect(Bool(false)) }
            rests.append(until - time)
            time = until
            #expect(breaker.ask(at: time) == .probe)
            let actions = breaker.failed(Self.error(.unreachable), isProbe: true, at: time, random: 1)
            #expect(actions == [.wake, .tellAway(since: .seconds(5), reason: "unreachable")])
        }
        #expect(rests == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
        #expect(breaker.awaySince == .seconds(5))
        _ = breaker.ask(at: time + .seconds(30))
        #expect(breaker.succeeded(isProbe: true) == [.wake, .tellBack] && breaker.awaySince == nil)
    }

    @Test func jitterTakesUpToHalfOfARestAway() {
        for (random, wait) in [(0.0, 250), (0.5, 375), (1, 500), (7, 500), (-1, 250)] {
            var breaker = Breaker()
            _ = breaker.failed(Self.error(.unavailable), isProbe: false, at: .zero, random: random)
            #expect(breaker.ask(at: .zero) == .wait(until: .milliseconds(wait)))
        }
    }

    @Test func theServersOwnWaitIsKeptUpToAnHourAlsoIfItStillAnswersOthers() {
        var breaker = Breaker()
        _ = breaker.failed(Self.error(.rateLimited, retryAfter: .seconds(40)), isProbe: false, at: .zero, random: 0)
        #expect(breaker.succeeded(isProbe: false) == [])
        #expect(breaker.ask(at: .seconds(39)) == .wait(until: .seconds(40)))
        // A longer wish of a request that was under way counts, a shorter one does not.
        _ = breaker.failed(Self.error(.rateLimited, retryAfter: .seconds(5)), isProbe: false, at: .zero, random: 0)
        #expect(breaker.ask(at: .seconds(39)) == .wait(until: .seconds(40)))
        _ = breaker.failed(Self.error(.rateLimited, retryAfter: .seconds(9999)), isProbe: false, at: .zero, random: 0)
        #expect(breaker.ask(at: .seconds(41)) == .wait(until: .seconds(3600)))
    }

    @Test func anAnswerOfWhatWasUnderWayClosesIt() {
        var breaker = Self.opened()
        #expect(breaker.succeeded(isProbe: false) == [.wake] && !breaker.isOpen)
        #expect(breaker.answered == 1)
    }

    @Test func failuresOfWhatWasUnderWayProlongNoRestAndEndNoProbe() {
        var breaker = Self.opened()
        #expect(breaker.failed(Self.error(.unreachable), isProbe: false, at: .milliseconds(400), random: 1) == [])
        #expect(breaker.ask(at: .milliseconds(500)) == .probe)
        #expect(breaker.failed(Self.error(.unreachable), isProbe: false, at: .milliseconds(600), random: 1) == [])
        #expect(breaker.ask(at: .milliseconds(600)) == .wait(until: nil))
    }

    @Test func aProbeThatIsCalledOffLeavesItsPlaceToTheNext() {
        var breaker = Self.opened()
        _ = breaker.ask(at: .seconds(1))
        #expect(breaker.abandoned(isProbe: false, at: .seconds(1)) == [])
        #expect(breaker.abandoned(isProbe: true, at: .seconds(1)) == [.wake])
        #expect(breaker.ask(at: .seconds(1)) == .probe)
    }

    @Test func withPatienceAnOutageIsGivenUpWhenItIsOverAndNotBefore() {
        var breaker = Self.opened(at: .seconds(100), patience: .seconds(600))
        #expect(breaker.ask(at: .seconds(101)) == .probe)
        #expect(breaker.ask(at: .seconds(101)) == .wait(until: .seconds(700)))
        _ = breaker.failed(
            Self.error(.rateLimited, retryAfter: .seconds(3000)), isProbe: true, at: .seconds(102), random: 1)
        #expect(breaker.ask(at: .seconds(699)) == .wait(until: .seconds(700)) && !breaker.hasGivenUp(at: .seconds(699)))
        #expect(breaker.ask(at: .seconds(700)) == .giveUp && breaker.hasGivenUp(at: .seconds(700)))
        // Whoever is left without an answer learns why, once, also if no probe has gone.
        #expect(breaker.giveUp(at: .seconds(700)) == [])
        var untold = Self.opened(at: .seconds(100), patience: .seconds(5))
        #expect(untold.giveUp(at: .seconds(104)) == [])
        #expect(untold.giveUp(at: .seconds(105)) == [.tellAway(since: .seconds(100), reason: "unreachable")])
        #expect(untold.giveUp(at: .seconds(106)) == [])
        // Failures long ago are no part of an outage.
        var later = Breaker(.init(patience: .seconds(600)))
        _ = later.failed(Self.error(.serverFailure), isProbe: false, at: .zero, random: 1)
        _ = later.failed(Self.error(.unreachable), isProbe: false, at: .seconds(9000), random: 1)
        #expect(later.ask(at: .seconds(9001)) == .probe)
    }
}
