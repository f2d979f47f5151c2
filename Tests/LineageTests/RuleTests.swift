import Elements
import Lineage
import Statistics
import Testing

@Suite struct RuleTests {
    private static let comparisons = 2000

    /// Verdicts of a judge about two explanations on the same windows of documents of their own, for one look.
    ///
    /// - Parameter rates: How often each is right; windows of a document are easy or hard for both.
    private func look(
        _ number: Int, by node: String, rates: (standing: Double, challenger: Double), windows: Int,
        _ random: inout SeededGenerator
    ) throws -> PairedScore {
        var documents: [UInt32?] = []
        var (isPositive, standing, challenger): ([Bool], [Bool], [Bool]) = ([], [], [])
        for window in 0..<windows {
            // Two windows of a document, one after the other.
            let isNew = window % 2 == 0 || documents.isEmpty
            documents.append(isNew ? UInt32(truncatingIfNeeded: random.next()) : documents.last ?? nil)
            isPositive.append(window < windows / 2)
            let common = random.unit()
            func isRight(_ rate: Double, _ random: inout SeededGenerator) -> Bool {
                (random.unit() < 0.5 ? common : random.unit()) < rate
            }
            let truth = window < windows / 2
            standing.append(isRight(rates.standing, &random) == truth)
            challenger.append(isRight(rates.challenger, &random) == truth)
        }
        func score(_ explanation: UInt64, _ isYes: [Bool]) throws -> Score {
            var table = ConfusionTable()
            for (truth, verdict) in zip(isPositive, isYes) { table.count(isPositive: truth, verdict: verdict) }
            let headline = try #require(BalancedAccuracy.estimate(of: table))
            var score = Fixture.score(explanation, headline.value)
            score.headline = headline
            score.replicates = ScoreReplicates(documents: documents, isPositive: isPositive, isYes: isYes)
            return score
        }
        return try PairedScore(
            node: node, standing: score(1, standing), challenger: score(2, challenger), look: number)
    }

    /// The share of comparisons that end with the challenger in place, and the mean number of looks.
    private func replaced(
        _ rates: (standing: Double, challenger: Double), windows: Int, nodes: Int = 1, seed: UInt64
    ) throws -> (share: Double, looks: Double) {
        var random = SeededGenerator(seed: seed)
        var (count, looks) = (0, 0)
        for _ in 0..<Self.comparisons {
            var seen: [PairedScore] = []
            var outcome: ChoiceOutcome?
            var number = 0
            while outcome == nil {
                number += 1
                for node in 0..<nodes {
                    seen.append(try look(number, by: "\(node)", rates: rates, windows: windows, &random))
                }
                outcome = ComparisonRule.outcome(of: seen, look: number)
            }
            if outcome == .replaced { count += 1 }
            looks += number
        }
        return (Double(count) / Double(Self.comparisons), Double(looks) / Double(Self.comparisons))
    }

    /// Half of 5 %, and three standard errors of as many comparisons.
    @Test(arguments: [(0.7, 20, 1), (0.9, 20, 1), (0.6, 60, 1), (0.8, 30, 2)])
    func whatIsNoBetterSeldomReplacesHoweverOftenOneLooks(rate: Double, windows: Int, nodes: Int) throws {
        let equal = try replaced((rate, rate), windows: windows, nodes: nodes, seed: UInt64(windows))
        #expect(equal.share <= 0.025 + 0.0105, "\(equal)")
        // Nothing tells equals apart, so that nearly all looks are taken.
        #expect(equal.looks > 2.7, "\(equal)")
    }

    @Test func whatIsMuchBetterReplacesMostlyAtTheFirstLook() throws {
        let better = try replaced((0.6, 0.9), windows: 60, seed: 7)
        #expect(better.share > 0.95 && better.looks < 1.6, "\(better)")
        let worse = try replaced((0.9, 0.6), windows: 60, seed: 8)
        #expect(worse.share == 0 && worse.looks < 1.6, "\(worse)")
    }

    @Test func aSmallDifferenceIsFoundWithEnoughWindows() throws {
        let few = try replaced((0.7, 0.8), windows: 20, seed: 5)
        let many = try replaced((0.7, 0.8), windows: 200, seed: 5)
        #expect(few.share < 0.3 && many.share > 0.9, "\(few) \(many)")
    }

    private func pair(_ node: String, _ standing: Double?, _ challenger: Double?, error: Double? = 0.01, look: Int = 1)
        -> PairedScore
    {
        PairedScore(node: node, standing: standing, challenger: challenger, error: error, windows: 40, look: look)
    }

    @Test func tiesAndSilenceKeepWhatStands() {
        func outcome(_ pairs: [(Double?, Double?)]) -> ChoiceOutcome? {
            ComparisonRule.outcome(of: pairs.enumerated().map { pair("\($0)", $1.0, $1.1) }, look: 1)
        }
        #expect(outcome([]) == .kept)
        #expect(outcome([(nil, 0.9), (0.2, nil), (nil, nil)]) == .kept)
        // Not told from none: another look is taken.
        #expect(outcome([(0.7, 0.7)]) == nil && outcome([(0.7, 0.72)]) == nil)
        #expect(outcome([(0.7, 0.8), (0.9, 0.8)]) == nil)
        #expect(outcome([(0.7, 0.9), (0.9, 0.8), (0.1, nil)]) == .replaced)
        #expect(outcome([(0.2, .nan), (0.7, 0.6)]) == .kept)
    }

    @Test func theLastLookKeepsWhatItCannotTell() {
        let seen = (1...ComparisonRule.looks).map { pair("a", 0.7, 0.71, look: $0) }
        #expect(ComparisonRule.outcome(of: Array(seen.prefix(2)), look: 2) == nil)
        #expect(ComparisonRule.outcome(of: seen, look: ComparisonRule.looks) == .kept)
        // No node had figures in this look: a further one would not have them either.
        #expect(ComparisonRule.outcome(of: [seen[0], pair("a", nil, nil, look: 2)], look: 2) == .kept)
    }

    @Test func looksAddUpByTheirWindows() throws {
        let first = PairedScore(node: "a", standing: 0.5, challenger: 0.6, error: 0.06, windows: 30, look: 1)
        let second = PairedScore(node: "a", standing: 0.5, challenger: 0.9, error: 0.12, windows: 10, look: 2)
        let difference = try #require(ComparisonRule.difference(of: [second, first]))
        #expect(abs(difference.value - (0.75 * 0.1 + 0.25 * 0.4)) < 1e-12)
        #expect(abs(difference.error - (0.045 * 0.045 + 0.03 * 0.03).squareRoot()) < 1e-12)
        // Errors of two nodes on the same documents go together.
        let both = try #require(
            ComparisonRule.difference(of: [pair("a", 0.5, 0.6, error: 0.1), pair("b", 0.5, 0.8, error: 0.2)]))
        #expect(abs(both.value - 0.2) < 1e-12 && abs(both.error - 0.15) < 1e-12)
    }

    @Test func exchangedExplanationsGiveTheNegative() throws {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<50 {
            let (standing, challenger, error) = (random.unit(), random.unit(), random.unit() / 4)
            let one = try #require(ComparisonRule.difference(of: [pair("a", standing, challenger, error: error)]))
            let other = try #require(ComparisonRule.difference(of: [pair("a", challenger, standing, error: error)]))
            #expect(one.value == -other.value && one.error == other.error && one.isTold == other.isTold)
        }
    }

    @Test func aFewWindowsThatAllFallOneWayTellNothing() {
        // All of five windows of a class: by the sign test 2 / 2⁵.
        func score(_ explanation: UInt64, _ value: Double) -> Score {
            var score = Fixture.score(explanation, value)
            score.headline = Estimate(value: value, lower: value, upper: value, count: 10)
            return score
        }
        let pair = PairedScore(node: "a", standing: score(1, 0.5), challenger: score(2, 1), look: 1)
        #expect(abs((pair.error ?? 0) - (0.5 / 5).squareRoot() / 2.0.squareRoot()) < 1e-12)
        #expect(ComparisonRule.outcome(of: [pair], look: 1) == nil)
    }

    @Test func partsOfTheWindowsAreDisjointAndHoldAll() {
        var counts = [WindowPart: Int]()
        for document in 0..<6000 as Range<UInt32> {
            let parts = WindowPart.every.dropFirst().filter { $0.holds(document: document, identity: Fixture.hash(1)) }
            #expect(parts.count == 1)
            for part in parts { counts[part, default: 0] += 1 }
            #expect(WindowPart.all.holds(document: document, identity: Fixture.hash(1)))
        }
        #expect(abs((counts[.reporting] ?? 0) - 3000) < 200)
        for look in 1...ComparisonRule.looks { #expect(abs((counts[.deciding(look: look)] ?? 0) - 1000) < 130) }
        // The windows of a document stay together; without one each goes by itself.
        let part = WindowPart.deciding(look: 1)
        #expect(
            part.holds(document: 7, identity: Fixture.hash(1)) == part.holds(document: 7, identity: Fixture.hash(2)))
        let alone = (0..<600).count { part.holds(document: nil, identity: Fixture.hash(UInt64($0))) }
        #expect(abs(alone - 100) < 45)
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
