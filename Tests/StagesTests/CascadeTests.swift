import Elements
import Lineage
import Reports
import Scoring
import StateFixtures
import Testing

@testable import Stages

@Suite struct CascadeTests {
    @Test func whatIsSettledIsAScoreWithoutAValueThatSaysByWhom() throws {
        var gate = CascadeGate(gates: ["meant"], below: 0.6, above: 0.8)
        _ = gate.take([Fixture.explanation(1, latent: 1, node: "prose")])
        let settled = try #require(gate.take(scores: [Fixture.score(1, 0.95, node: "meant")]).settled.first)
        let score = settled.score(by: "judged", method: "fuzzing", threshold: 0.75)
        #expect(score.headline == nil && score.sequential?.settledBy == "meant" && score.node == "judged")
        #expect(score.sequential?.verdict == "interpretable" && score.sequential?.asked == 0)
        #expect(score.details["settled_by_meant"]?.value == 0.95)
        #expect(score.job != settled.score(by: "other", method: "fuzzing", threshold: 0.75).job)
        let summary = try #require(
            ScoreSummary.summaries(of: [score, Fixture.score(2, 0.5, node: "judged", method: "fuzzing")]).first)
        #expect(summary.unavailable == 0 && summary.cost.settled == ["meant": 1] && summary.cost.explanations == 2)
    }
}
