import Elements
import Lineage
import Testing

@Suite struct RuleTests {
    private struct Draws {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    @Test func theStandingExplanationIsNeverWorseOnTheDecidingWindows() {
        var draws = Draws(state: 3)
        for _ in 0..<2000 {
            var standing = [Double](repeating: 0.5, count: 3)
            for _ in 0..<6 {
                let challenger = standing.map { _ in Double(draws.next(9)) / 8 }
                // What both give on fresh windows; some nodes fail on one of them.
                let found = standing.map { $0 + Double(draws.next(3) - 1) / 8 }
                let pairs = (0..<3).map { node in
                    PairedScore(
                        node: "\(node)", standing: draws.next(8) == 0 ? nil : found[node],
                        challenger: draws.next(8) == 0 ? nil : challenger[node])
                }
                let common = pairs.filter { $0.standing != nil && $0.challenger != nil }
                let before = common.reduce(0) { $0 + ($1.standing ?? 0) }
                let after = common.reduce(0) { $0 + ($1.challenger ?? 0) }
                let isReplaced = ComparisonRule.outcome(of: pairs) == .replaced
                #expect((isReplaced ? after : before) >= max(before, after) - 1e-12)
                #expect(!isReplaced || after > before)
                #expect(ComparisonRule.outcome(of: pairs.reversed()) == ComparisonRule.outcome(of: pairs))
                if isReplaced { standing = challenger }
            }
        }
    }

    @Test func tiesAndSilenceKeepWhatStands() {
        func outcome(_ pairs: [(Double?, Double?)]) -> ChoiceOutcome {
            ComparisonRule.outcome(
                of: pairs.enumerated().map {
                    PairedScore(node: "\($0.offset)", standing: $0.element.0, challenger: $0.element.1)
                })
        }
        #expect(outcome([]) == .kept)
        #expect(outcome([(nil, 0.9), (0.2, nil), (nil, nil)]) == .kept)
        #expect(outcome([(0.7, 0.7)]) == .kept)
        #expect(outcome([(0.7, 0.8), (0.9, 0.8)]) == .kept)
        #expect(outcome([(0.7, 0.9), (0.9, 0.8), (0.1, nil)]) == .replaced)
        #expect(outcome([(0.2, .nan), (0.7, 0.6)]) == .kept)
    }

    @Test func doubledEvidenceOrFreshWindowsCallForAnotherScore() {
        let last = ScoringRound(epoch: 3, windowsFired: 100, recent: Array(0..<16))
        let fresh = Array(UInt32(100)..<116)
        let rule = RoundRule(rescore: 2, recent: true)
        #expect(rule.isDue(since: last, windowsFired: 200, recent: { [] }))
        #expect(!rule.isDue(since: last, windowsFired: 199, recent: { last.recent }))
        #expect(rule.isDue(since: last, windowsFired: 120, recent: { fresh }))
        #expect(rule.isDue(since: last, windowsFired: 120, recent: { Array(fresh.prefix(12)) + [0, 1, 2, 3] }))
        #expect(!rule.isDue(since: last, windowsFired: 120, recent: { Array(fresh.prefix(11)) + [0, 1, 2, 3, 4] }))
        #expect(!rule.isDue(since: last, windowsFired: 120, recent: { Array(fresh.prefix(7)) }))
        #expect(!rule.isDue(since: last, windowsFired: 100, recent: { fresh }))
        #expect(!RoundRule(rescore: 2, recent: false).isDue(since: last, windowsFired: 120, recent: { fresh }))
        #expect(!RoundRule(rescore: 0, recent: false).isDue(since: last, windowsFired: .max, recent: { fresh }))
        #expect(!RoundRule(rescore: 0, recent: false).isActive)
    }
}
