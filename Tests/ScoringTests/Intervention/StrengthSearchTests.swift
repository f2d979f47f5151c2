import Foundation
import Testing

@testable import Scoring

@Suite struct StrengthSearchTests {
    /// Runs a search over a known function; how it ended, and what it tried.
    private func search(
        target: Double, start: Float, _ divergence: (Double) -> Double
    ) -> (end: StrengthSearch.Step, tried: [Float]) {
        var search = StrengthSearch(target: target, start: start)
        var tried: [Float] = []
        while case .evaluate(let strength) = search.next, tried.count < 1000 {
            tried.append(strength)
            search.note(divergence: divergence(Double(strength)))
        }
        return (search.next, tried)
    }

    /// Of a uniform distribution over `count` tokens from that with `strength` added to one logit, in closed form.
    private func uniform(_ count: Double) -> (Double) -> Double {
        { strength in log((exp(strength) + count - 1) / count) - strength / count }
    }

    @Test(arguments: [0.1, 0.33, 1, 3], [Float(0.2), 2, 50, 900])
    func theTargetIsReachedInFewSteps(target: Double, start: Float) throws {
        for count in [8.0, 1000, 49152] {
            let law = uniform(count)
            // Strengths in other units move nothing but the start.
            for unit in [1.0, 37] {
                let (end, tried) = search(target: target, start: start) { law($0 / unit) }
                guard case .found(let strength, let divergence) = end else {
                    Issue.record("\(end) after \(tried)")
                    continue
                }
                #expect(abs(divergence - target) <= 0.1 * target)
                #expect(divergence == law(Double(strength) / unit))
                #expect(tried.count <= 12, "\(tried)")
                #expect(tried.last == strength)
            }
        }
    }

    @Test func aGoodStartNeedsFewEvaluations() {
        let (_, tried) = search(target: 1, start: 1) { 0.02 * $0 * $0 / (1 + 0.01 * $0) }
        #expect(tried.count <= 3)
    }

    @Test func whatSaturatesBelowTheTargetIsSaidToBeOutOfReach() {
        let (end, tried) = search(target: 3, start: 1) { 0.5 * $0 * $0 / (1 + $0 * $0) }
        guard case .unreachable(let reason) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.contains("KL 0.4") || reason.contains("KL 0.5"))
        #expect(tried.count <= StrengthSearch.maximumSteps && (tried.max() ?? 0) >= 1e3)
    }

    @Test func whatDoesNothingOrTooMuchIsOutOfReach() {
        for value in [0, .infinity, .nan] as [Double] {
            let (end, tried) = search(target: 1, start: 2) { _ in value }
            guard case .unreachable = end else {
                Issue.record("\(end)")
                continue
            }
            #expect(tried.count <= StrengthSearch.maximumSteps)
        }
    }

    @Test func aJumpOverTheTargetIsNotTakenForIt() {
        let (end, tried) = search(target: 1, start: 1) { $0 < 3 ? 0.2 : 4 }
        guard case .unreachable = end else {
            Issue.record("\(end)")
            return
        }
        #expect(tried.count == StrengthSearch.maximumSteps)
    }

    @Test func aSteepRiseIsBracketedAndHalved() {
        // Interpolation alone would creep along such a function.
        let (end, tried) = search(target: 1, start: 1) { pow($0 / 40, 30) + 1e-9 * $0 }
        guard case .found = end else {
            Issue.record("\(end) after \(tried)")
            return
        }
        #expect(tried.count <= StrengthSearch.maximumSteps)
    }

    @Test func aTargetOrStartThatIsNoPositiveNumberIsRefused() {
        for (target, start) in [(0, 1), (.nan, 1), (1, 0), (1, .infinity), (-1, 2)] as [(Double, Float)] {
            let search = StrengthSearch(target: target, start: start)
            guard case .unreachable = search.next else {
                Issue.record("\(search.next)")
                continue
            }
        }
    }
}
