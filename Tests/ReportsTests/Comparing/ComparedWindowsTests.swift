import Elements
import StateFixtures
import Testing

@testable import Interchange
@testable import Reports

/// On which windows two scores of a latent are compared.
@Suite struct ComparedWindowsTests {
    /// Verdicts on windows that are numbered: below 100 the latent fires in them, and the judge is right if told so.
    private func verdicts(_ windows: [(number: UInt32, isRight: Bool?)], probabilities: [Float]? = nil) -> KeptVerdicts
    {
        KeptVerdicts(
            examples: windows.enumerated().map { index, window in
                let isPositive = window.number < 100
                return KeptVerdicts.Example(
                    tokens: [window.number, 7], marked: [], isPositive: isPositive, block: nil,
                    isYes: window.isRight.map { $0 == isPositive }, probability: probabilities?[index])
            })
    }

    private func score(
        _ value: Double, of explainer: String, epoch: UInt64? = 3, change: (inout Score) -> Void = { _ in }
    )
        -> Score
    {
        Fixture.score(1, value, explainedBy: explainer).with { score in
            score.explanation = Fixture.hash(explainer == "a" ? 70 : 71)
            score.round = epoch.map { ScoringRound(epoch: $0, windowsFired: 9, recent: []) }
            score.details["share_dropped_by_overlap"] = Estimate(value: 0, lower: 0, upper: 0.1, count: 20)
            change(&score)
        }
    }

    private func compared(
        _ a: Score, _ b: Score, _ kept: [String: KeptVerdicts] = [:]
    ) throws -> ComparedScores {
        let nodes = ComparedNodes(summaries: ScoreSummary.summaries(of: [a, b]), explanations: [], settings: [:])
        let pair = try #require(try nodes.pairs("a", "b", method: nil).first)
        return try #require(pair.compared { job in kept[job == a.job ? "a" : "b"] }.first)
    }

    @Test func windowsThatBothWereAskedAboutAreTheSame() throws {
        let windows: [(UInt32, Bool?)] = [(1, true), (2, true), (101, true), (102, false)]
        let other: [(UInt32, Bool?)] = [(102, true), (101, true), (1, false), (2, true)]
        let own = try compared(
            score(0.75, of: "a"), score(0.75, of: "b"), ["a": verdicts(windows), "b": verdicts(other)])
        #expect(own.basis == .same && own.valueOfA == 0.75 && own.valueOfB == 0.75)
    }

    @Test func ofWindowsThatOnlyOneWasAskedAboutNothingCounts() throws {
        // The first judge is right about 1, 2, 101 and wrong about 3, 102; the second was not asked about 3 and failed on 102.
        let windows: [(UInt32, Bool?)] = [(1, true), (2, true), (3, false), (101, true), (102, false)]
        let other: [(UInt32, Bool?)] = [(1, false), (2, true), (4, true), (101, true), (102, nil)]
        let own = try compared(
            score((2.0 / 3 + 0.5) / 2, of: "a"), score((2.0 / 3 + 1) / 2, of: "b"),
            ["a": verdicts(windows), "b": verdicts(other)])
        #expect(own.basis == .common && own.valueOfA == 1 && own.valueOfB == 0.75)
    }

    @Test func aHeadlineThatIsAnAreaIsReckonedAnewAsOne() throws {
        let windows: [(UInt32, Bool?)] = [(1, true), (2, true), (101, true), (102, true)]
        let own = try compared(
            score(0.5, of: "a"), score(1, of: "b"),
            [
                "a": verdicts(windows, probabilities: [0.9, 0.1, 0.2, 0.3]),
                "b": verdicts(Array(windows.dropFirst()), probabilities: [0.4, 0.1, 0.2]),
            ])
        // Of window 2 alone the first node's probability is below those of both silent ones.
        #expect(own.basis == .common && own.valueOfA == 0 && own.valueOfB == 1)
    }

    @Test func headlinesThatVerdictsDoNotGiveStayAsTheyAre() throws {
        let windows: [(UInt32, Bool?)] = [(1, true), (101, true)]
        let own = try compared(
            score(0.61, of: "a", epoch: nil), score(0.5, of: "b", epoch: nil),
            ["a": verdicts(windows), "b": verdicts(windows)])
        #expect(own.basis == .latent && own.valueOfA == 0.61 && own.valueOfB == 0.5)
    }

    @Test func withoutVerdictsOneCheckpointsEvidenceIsAllThatIsKnown() throws {
        let a = score(0.6, of: "a")
        #expect(try compared(a, score(0.5, of: "b")).basis == .evidence)
        #expect(try compared(a, score(0.5, of: "b", epoch: 4)).basis == .latent)
        #expect(try compared(a, score(0.5, of: "b", epoch: nil)).basis == .latent)
        #expect(try compared(a, score(0.5, of: "b") { $0.failed = 1 }).basis == .latent)
        #expect(try compared(a, score(0.5, of: "b") { $0.judged = 39 }).basis == .latent)
        let dropped = Estimate(value: 0.05, lower: 0, upper: 0.1, count: 20)
        #expect(
            try compared(a, score(0.5, of: "b") { $0.details["share_dropped_by_overlap"] = dropped }).basis == .latent)
        let stopped = SequentialAccount(verdict: "undecided", threshold: 0.7, asked: 4, available: 40)
        #expect(try compared(a, score(0.5, of: "b") { $0.sequential = stopped }).basis == .latent)
    }
}
