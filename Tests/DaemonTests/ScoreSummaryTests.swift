import Elements
import Testing

@testable import Daemon

@Suite struct ScoreSummaryTests {
    @Test func scoresAreGroupedByScorerAndExplainerInTheOrderInWhichTheyAppear() {
        let summaries = ScoreSummary.summaries(of: [
            Fixture.score(1, 0.5, node: "fuzzed", method: "fuzzing"), Fixture.score(1, 0.5, explainedBy: "lexical"),
            Fixture.score(2, 0.5), Fixture.score(2, 0.5, node: "fuzzed", method: "fuzzing"),
        ])
        #expect(summaries.map(\.node) == ["fuzzed", "detected", "detected"])
        #expect(summaries.map(\.method) == ["fuzzing", "detection", "detection"])
        #expect(summaries.map(\.explainedBy) == ["prose", "lexical", "prose"])
        #expect(summaries.map { $0.scores.map(\.latent) } == [[1, 2], [1], [2]])
    }

    @Test func scoresAreOrderedFromTheBestAndByLatentWhereEqual() throws {
        let summary = try #require(
            ScoreSummary.summaries(of: [
                Fixture.score(9, 0.5), Fixture.score(4, 0.75), Fixture.score(3, 0.5), Fixture.score(7, 1),
            ]).first)
        #expect(summary.scores.map(\.latent) == [7, 4, 3, 9])
    }

    @Test func meanAndQuartilesAreThoseOfTheValues() throws {
        let summary = try #require(
            ScoreSummary.summaries(of: [
                Fixture.score(1, 1), Fixture.score(2, 0.25), Fixture.score(3, 0.5), Fixture.score(4, 0.75),
                Fixture.score(5, 0),
            ]).first)
        let quartiles = try #require(summary.quartiles)
        #expect(summary.mean == 0.5)
        #expect(quartiles == (0.25, 0.5, 0.75))
    }

    @Test func theMedianAUROCIsOverTheScoresThatHaveOne() throws {
        let summary = try #require(
            ScoreSummary.summaries(of: [
                Fixture.score(1, 1, auroc: 0.5), Fixture.score(2, 0.5, auroc: 1), Fixture.score(3, 0.5),
            ]).first)
        #expect(summary.medianAUROC == 0.75)
    }

    @Test func scoresWithoutAValueAreCountedAndLeftOutOfTheFigures() throws {
        let summary = try #require(
            ScoreSummary.summaries(of: [
                Fixture.score(1, nil, failed: 40), Fixture.score(2, 0.5, failed: 3), Fixture.score(3, nil),
            ]).first)
        #expect(summary.unavailable == 2)
        #expect(summary.failedVerdicts == 43)
        #expect(summary.scores.map(\.latent) == [2])
        #expect(summary.mean == 0.5)
    }

    @Test func withoutAnyValueThereAreNoFigures() throws {
        let summary = try #require(ScoreSummary.summaries(of: [Fixture.score(1, nil)]).first)
        #expect(summary.mean == nil)
        #expect(summary.quartiles == nil)
        #expect(summary.medianAUROC == nil)
        #expect(ScoreSummary.summaries(of: []).isEmpty)
    }
}
