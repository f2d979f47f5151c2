import Elements
import StateFixtures
import Testing

@testable import Reports

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

    @Test func controlsAreNeverPartOfTheFigures() throws {
        let summary = try #require(
            ScoreSummary.summaries(of: [
                Fixture.score(1, 1), Fixture.score(2, 0.5), Fixture.control(1, 0), Fixture.control(2, 0.25, failed: 9),
            ]).first)
        #expect(summary.mean == 0.75 && summary.scores.count == 2 && summary.failedVerdicts == 0)
        let shuffled = try #require(summary.controls.first { $0.name == "shuffled" })
        #expect(shuffled.mean?.value == 0.125 && shuffled.latents == 2)
        #expect(ScoreSummary.summaries(of: [Fixture.control(1, 0)]).isEmpty)
    }

    @Test func scoresOfARandomCoderAreAControlOfTheOthersAtItsHookpoint() throws {
        let random = CoderIdentity(name: "chance", hookpoint: "layers.10", latents: 9, digest: Fixture.hash(8))
        let elsewhere = CoderIdentity(name: "deep", hookpoint: "layers.20", latents: 9, digest: Fixture.hash(9))
        let summaries = ScoreSummary.summaries(
            of: [
                Fixture.score(1, 1), Fixture.score(5, 0.5, node: "c", coder: random),
                Fixture.score(6, 0.75, node: "c", coder: random), Fixture.score(7, 1, node: "d", coder: elsewhere),
            ], randomCoders: ["chance"])
        #expect(summaries.map(\.isOfRandomCoder) == [false, true, false])
        func control(_ index: Int) -> ControlSummary? {
            summaries[index].controls.first { $0.name == "random_coder" }
        }
        #expect(control(0)?.mean?.value == 0.625 && control(0)?.latents == 2)
        #expect(control(1) == nil)
        let missing = try #require(control(2))
        #expect(missing.mean == nil && missing.note.hasPrefix("no encode node"))
        #expect(Set(MethodFigures.byName(summaries).keys) == ["detection", "detection/d/prose"])
    }

    @Test func marksOnlyIsAControlOfFuzzing() {
        let summaries = ScoreSummary.summaries(of: [Fixture.score(1, 1)])
        #expect(summaries.first?.controls.contains { $0.name == "marks_only" } == false)
        let constant = summaries.first?.controls.first { $0.name == "constant_answers" }
        #expect(constant?.mean == Estimate(value: 0.5, lower: 0.5, upper: 0.5, count: 0))
    }
}
