import Elements
import Lineage
import StateFixtures
import Testing

@testable import Reports

@Suite struct StandingResultsTests {
    private func score(
        _ explanation: UInt64, _ number: UInt64, epoch: UInt64?, node: String = "executed", control: String? = nil
    ) -> Score {
        let plain = Score(
            job: Fixture.hash(number), node: node, method: "execution", coder: Fixture.coder, latent: 3,
            explanation: Fixture.hash(explanation), explainedBy: "lexical", text: "dates",
            headline: Estimate(value: 0.5, lower: 0.4, upper: 0.6, count: 40), details: [:], judged: 40, failed: 0,
            tokensIn: 0, tokensOut: 0, control: control)
        return epoch.map { plain.noted(in: ScoringRound(epoch: $0, windowsFired: 1, recent: [])) } ?? plain
    }

    private func choice(_ challenger: UInt64, over standing: UInt64, _ outcome: ChoiceOutcome) -> Choice {
        Choice(
            challenger: Fixture.hash(challenger), standing: Fixture.hash(standing), node: "lexical",
            coder: Fixture.coder, latent: 3, reason: .moved, outcome: outcome,
            scores: [PairedScore(node: "executed", standing: 0.5, challenger: 0.75)], epoch: 4)
    }

    private func challenger(_ number: UInt64, of standing: UInt64) -> Explanation {
        Fixture.explanation(
            number, epoch: number, again: ExplainedAgain(standing: Fixture.hash(standing), reason: .moved))
    }

    @Test func eachLatentCountsOnceByTheLatestScoreOfWhatStands() {
        let explanations = [
            Fixture.explanation(1), challenger(2, of: 1), challenger(3, of: 2), challenger(4, of: 2),
        ]
        let choices = [choice(2, over: 1, .replaced), choice(3, over: 2, .kept)]
        let scores = [
            score(1, 10, epoch: 9), score(2, 21, epoch: 7), score(2, 20, epoch: 4), score(3, 30, epoch: 9),
            score(4, 40, epoch: 9), score(2, 22, epoch: 5, node: "detected"),
            score(1, 50, epoch: nil, control: "shuffled"),
            score(8, 51, epoch: nil, node: "detected", control: "shuffled"),
        ]
        let standing = StandingResults(explanations: explanations, scores: scores, choices: choices)
        #expect(standing.explanations.map(\.job) == [Fixture.hash(2)])
        #expect(standing.scores.map(\.job) == [21, 22, 50, 51].map { Fixture.hash($0) })
    }

    @Test func whatOlderVersionsLeftCountsAsItDid() {
        let explanations = [Fixture.explanation(1), Fixture.explanation(2, latent: 4)]
        let scores = [score(1, 10, epoch: nil), score(7, 11, epoch: nil)]
        let standing = StandingResults(explanations: explanations, scores: scores, choices: [])
        #expect(standing.explanations == explanations && standing.scores == scores)
    }

    @Test func aReportSaysHowManyWereExplainedAgainWhyAndWhatBecameOfIt() throws {
        let explanations = [
            Fixture.explanation(1), challenger(2, of: 1), challenger(3, of: 2), challenger(4, of: 2),
        ]
        let all = AgainSummary.all(
            explanations: explanations, choices: [choice(2, over: 1, .replaced), choice(3, over: 2, .kept)])
        let summary = try #require(all.first)
        #expect(all.count == 1 && summary.latents == 1 && summary.reasons == [.moved: 3])
        #expect(summary.outcomes == [.replaced: 1, .kept: 1] && summary.open == 1 && summary.gain == 0.25)
        #expect(
            AgainSummary.lines(of: all).last
                == "  lexical: 1 latents (3 moved): 1 replaced, 1 kept, 1 open; those replaced gained .25 on average")
        #expect(AgainSummary.lines(of: []).isEmpty)
    }
}
