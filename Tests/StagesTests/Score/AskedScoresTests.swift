import Elements
import Lineage
import StateFixtures
import Testing

@testable import Stages

/// When what a person asks a score node for is done.
@Suite struct AskedScoresTests {
    private func wanted(_ number: UInt64, _ request: RequestID?) -> ScoreRequest {
        var wanted = ScoreRequest(Fixture.explanation(number))
        wanted.request = request
        return wanted
    }

    private func score(_ number: UInt64) -> PlannedScore {
        let explanation = Fixture.explanation(number)
        return PlannedScore(
            explanation: explanation.job, explainedBy: explanation.node, latent: explanation.latent, control: nil,
            round: nil)
    }

    @Test func aRequestForSeveralExplanationsIsDoneWithTheLastOfThem() {
        let all = [wanted(1, 7), wanted(2, 7), wanted(3, nil), wanted(4, 9)]
        var asked = AskedScores(all)
        let first = asked.take([all[0], all[2]], [score(1), score(3)])
        #expect(first.scored.isEmpty && first.empty.isEmpty)
        // Nothing came of this one, but a score came of the request.
        let second = asked.take([all[1], all[3]], [])
        #expect(second.scored == [7] && second.empty == [9])
        let third = asked.take(all, [])
        #expect(third.scored.isEmpty && third.empty.isEmpty)
    }

    @Test func whatIsLeftToALaterProcessKeepsItsRequest() {
        let all = [wanted(1, 7), wanted(2, 7)]
        var asked = AskedScores(all)
        let done = asked.take([all[1]], [score(2)])
        #expect(done.scored.isEmpty && done.empty.isEmpty)
    }
}
