import Elements
import Foundation
import StateFixtures
import Testing

@testable import Reports

@Suite struct CurrentSummaryTests {
    private func score(_ latent: Int, _ value: Double?, current: Double?, method: String = "detection") -> Score {
        var score = Fixture.score(latent, value, method: method)
        score.details["current"] = current.map { Estimate(value: $0, lower: $0, upper: $0, count: 5) }
        return score
    }

    @Test func bothMeansAreOverTheLatentsThatHaveBothFigures() throws {
        let summary = try #require(
            CurrentSummary(of: [
                score(1, 0.5, current: 0.25), score(2, 1, current: 0.75), score(3, 0.1, current: nil),
                score(4, nil, current: 0.9),
            ]))
        #expect(summary.latents == 2 && summary.current.value == 0.5 && summary.allTime.value == 0.75)
        #expect(summary.current.lower == 0.25 && summary.current.upper == 0.75)
    }

    @Test func aLatentIsBelowIfItsCurrentFigureIsUnderItsInterval() throws {
        // The interval of .5 is .4 to .6.
        let scores = [0.39, 0.4, 0.61, 0.2].enumerated().map { score($0, 0.5, current: $1) }
        #expect(try #require(CurrentSummary(of: scores)).below == 2)
    }

    @Test func withoutAnyThereIsNoSummaryAndNoTable() {
        #expect(CurrentSummary(of: []) == nil && CurrentSummary(of: [score(1, 0.5, current: nil)]) == nil)
        #expect(CurrentSummary.lines(of: ScoreSummary.summaries(of: [score(1, 0.5, current: nil)])).isEmpty)
    }

    @Test func theIntervalsOfASingleLatentAreTheRangeOfItsMethod() throws {
        let summary = try #require(CurrentSummary(of: [score(1, -0.25, current: -0.5, method: "simulation")]))
        #expect([summary.current.lower, summary.current.upper] == [-1, 1])
        #expect([summary.allTime.lower, summary.allTime.upper] == [-1, 1])
    }

    @Test func theTableHasARowForEachScorerWithCurrentFigures() {
        let summaries = ScoreSummary.summaries(of: [
            score(1, 0.5, current: 0.25), score(2, 1, current: 0.75),
            Fixture.score(1, 0.5, node: "fuzzed", method: "fuzzing"),
        ])
        #expect(
            CurrentSummary.lines(of: summaries) == [
                "",
                "CURRENT BESIDE ALL-TIME (a window of the last two days of event time weighs 4 times another)",
                "  scorer                      latents  current           all-time          below  ",
                "  detected(prose)             2        .50 [.25–.75]     .75 [.50–1.00]    2      ",
            ])
    }

    @Test func theJSONHasTheSameFigures() throws {
        let summaries = ScoreSummary.summaries(of: [score(1, 0.5, current: 0.25), score(2, 1, current: 0.75)])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let figures = try #require(summaries.first.flatMap(CurrentFigures.init))
        #expect(
            String(decoding: try encoder.encode(figures), as: UTF8.self)
                == #"{"all_time":0.75,"below_interval":2,"interval":[0.25,0.75],"latents":2,"mean":0.5}"#)
        #expect(ScoreSummary.summaries(of: [Fixture.score(1, 1)]).compactMap(CurrentFigures.init).isEmpty)
    }
}
