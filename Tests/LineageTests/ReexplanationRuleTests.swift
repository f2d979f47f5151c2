import Elements
import Foundation
import Lineage
import Testing

@Suite struct ReexplanationRuleTests {
    private func basis(_ windows: UInt64, peaks: [Float] = []) -> EvidenceBasis {
        let sorted = peaks.sorted()
        let deciles = peaks.isEmpty ? [] : (0...10).map { sorted[max(($0 * peaks.count + 9) / 10, 1) - 1] }
        return EvidenceBasis(windowsFired: windows, sample: peaks.count, deciles: deciles)
    }

    private func past(
        _ windows: UInt64, peaks: [Float] = [], wasReexplained: Bool = false, hasDrifted: Bool = false
    ) -> ReexplanationRule.Past {
        ReexplanationRule.Past(
            basis: basis(windows, peaks: peaks), wasReexplained: wasReexplained, hasDrifted: hasDrifted)
    }

    private let low = (0..<128).map { Float($0) / 128 }
    private let high = (0..<128).map { 0.5 + Float($0) / 128 }

    @Test func fourfoldEvidenceCallsForAnotherExplanation() {
        let rule = ReexplanationRule()
        #expect(rule.reason(past(100), windowsFired: 399, peaks: { [] }) == nil)
        #expect(rule.reason(past(100), windowsFired: 400, peaks: { [] }) == .grown)
        #expect(ReexplanationRule(regrowth: 2).reason(past(100), windowsFired: 200, peaks: { [] }) == .grown)
        #expect(ReexplanationRule(regrowth: 0).reason(past(100), windowsFired: 1 << 40, peaks: { [] }) == nil)
        #expect(rule.reason(past(.max), windowsFired: .max, peaks: { [] }) == nil)
        #expect(rule.reason(past(.max - 1), windowsFired: .max, peaks: { [] }) == nil)
    }

    @Test func movedPeaksAndFallenScoresCallEarlier() {
        let rule = ReexplanationRule()
        #expect(rule.reason(past(100, peaks: low), windowsFired: 101, peaks: { high }) == .moved)
        #expect(rule.reason(past(100, peaks: low), windowsFired: 101, peaks: { low }) == nil)
        #expect(rule.reason(past(100, hasDrifted: true), windowsFired: 101, peaks: { [] }) == .fallen)
        let grownOnly = ReexplanationRule(drift: false)
        #expect(grownOnly.reason(past(100, peaks: low), windowsFired: 399, peaks: { high }) == nil)
        #expect(grownOnly.reason(past(100, hasDrifted: true), windowsFired: 399, peaks: { [] }) == nil)
    }

    @Test func howFarItHasGoneIsToldWithTheReason() throws {
        let rule = ReexplanationRule()
        let grown = rule.staleness(past(100), windowsFired: 520) { nil }
        #expect(grown == Staleness(reason: .grown, amount: 5.2))
        let drift = try #require(PeakDrift(since: basis(100, peaks: low), peaks: high))
        let moved = rule.staleness(past(100, peaks: low), windowsFired: 101) { drift }
        #expect(moved == Staleness(reason: .moved, amount: drift.distance) && drift.isMoved)
        let fallen = rule.staleness(past(100, hasDrifted: true), windowsFired: 101) { drift }
        #expect(fallen == Staleness(reason: .fallen))
        let before = past(100, wasReexplained: true)
        var looks = 0
        func look() -> PeakDrift? {
            looks += 1
            return drift
        }
        // What was made again is compared once there is enough, and peaks are not looked at before.
        #expect(rule.staleness(before, windowsFired: 399, peakDrift: look) == nil && looks == 0)
        #expect(rule.staleness(past(0), windowsFired: 3, peakDrift: look)?.amount == 3)
    }

    @Test func withoutAnotherWindowNothingIsAsked() {
        for regrowth in [0, 1, 4] {
            let rule = ReexplanationRule(regrowth: regrowth)
            #expect(rule.reason(past(100, peaks: low, hasDrifted: true), windowsFired: 100, peaks: { high }) == nil)
        }
    }

    /// Whatever happens to the peaks and the scores, between two times the evidence grows fourfold.
    @Test func noMoreThanOneInFourfoldGrowth() {
        var state: UInt64 = 1
        func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for rule in [ReexplanationRule(), ReexplanationRule(regrowth: 3), ReexplanationRule(regrowth: 0)] {
            var windows: UInt64 = 10
            var current = past(windows, peaks: low)
            var times: [UInt64] = []
            for _ in 0..<4000 {
                windows += draw(2 + windows / 20)
                let isHigh = draw(2) == 0
                let now = ReexplanationRule.Past(
                    basis: current.basis, wasReexplained: current.wasReexplained, hasDrifted: draw(3) == 0)
                guard rule.reason(now, windowsFired: windows, peaks: { isHigh ? high : low }) != nil else { continue }
                times.append(windows)
                current = past(windows, peaks: isHigh ? high : low, wasReexplained: true)
                if windows > 1 << 40 { break }
            }
            #expect(times.count > 5)
            let factor = UInt64(rule.regrowth > 0 ? rule.regrowth : 4)
            #expect(zip(times, times.dropFirst()).allSatisfy { $1 >= factor * $0 })
        }
    }

    /// The distance from what is kept is never above that of the samples themselves, and at most a tenth below.
    @Test func theDistanceBoundsThatOfTheSamples() throws {
        func naive(_ a: [Float], _ b: [Float]) -> Double {
            Set(a + b).reduce(0) { most, value in
                let first = Double(a.count { $0 <= value }) / Double(a.count)
                let second = Double(b.count { $0 <= value }) / Double(b.count)
                return max(most, abs(first - second))
            }
        }
        var state: UInt64 = 7
        func draw() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24)
        }
        for trial in 0..<200 {
            let (n, m) = (1 + trial * 7 % 150, 1 + trial * 13 % 140)
            // Every other trial has many equal peaks.
            let step: Float = trial % 2 == 0 ? 1 / 1024 : 0.25
            let shift = Float(trial % 5) * 0.1
            let old = (0..<n).map { _ in (draw() / step).rounded() * step }
            let new = (0..<m).map { _ in ((draw() + shift) / step).rounded() * step }
            let drift = try #require(PeakDrift(since: basis(1, peaks: old), peaks: new))
            let distance = naive(old, new)
            #expect(drift.distance <= distance + 1e-12)
            #expect(drift.distance >= distance - 0.1 - 1e-12)
            let itself = try #require(PeakDrift(since: basis(1, peaks: old), peaks: old))
            #expect(itself.distance <= 0 && !itself.isMoved)
        }
    }

    /// `scipy.stats.kstwobign.isf(0.01)` is 1.6276.
    @Test func theCriticalValueIsThatOfOnePerCent() throws {
        let drift = try #require(PeakDrift(since: basis(1, peaks: low), peaks: high))
        #expect(abs(drift.criticalValue - 1.6276 * (2.0 / 128).squareRoot()) < 1e-4)
        #expect(PeakDrift(since: basis(1), peaks: high) == nil)
        #expect(PeakDrift(since: basis(1, peaks: low), peaks: []) == nil)
    }
}
