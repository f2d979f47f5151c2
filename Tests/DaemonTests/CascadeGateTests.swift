import Elements
import Scoring
import StateFixtures
import Testing

@testable import Daemon
@testable import Reports

@Suite struct CascadeGateTests {
    private func explanation(_ latent: Int) -> Explanation {
        Explanation(
            job: Fixture.hash(UInt64(latent)), node: "prose", coder: Fixture.coder, latent: latent, text: "dates",
            predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "1", model: nil, seed: 7,
                evidenceDigest: Fixture.hash(2), epoch: 3, shown: []))
    }

    private func batch(_ latent: Int, _ value: Double?, of node: String) -> ScoreBatch {
        let score = Fixture.score(latent, value, node: node)
        return ScoreBatch(scores: value == nil ? [] : [score], node: node, considered: [score.explanation])
    }

    private func gate(_ gates: [String] = ["run", "meant"]) -> CascadeGate {
        CascadeGate(gates: gates, below: 0.6, above: 0.8)
    }

    /// Fixture scores have an interval of 0.1 to both sides.
    @Test func onlyWholeIntervalsBeyondABoundSettle() {
        for (value, verdict) in [
            (0.49, .notInterpretable), (0.51, nil), (0.7, nil), (0.89, nil), (0.91, .interpretable),
        ] as [(Double, SequentialVerdict?)] {
            var gate = gate(["meant"])
            #expect(gate.take([explanation(1)]).ask.isEmpty)
            let resolution = gate.take(batch(1, value, of: "meant"))
            #expect(resolution.settled.first?.verdict == verdict)
            #expect(resolution.ask.count == (verdict == nil ? 1 : 0))
        }
    }

    @Test func nodesAreLookedAtInTheirOrderWhicheverComesFirst() throws {
        let (run, meant) = (batch(1, 0.95, of: "run"), batch(1, 0.4, of: "meant"))
        for batches in [[run, meant], [meant, run]] {
            var gate = gate()
            _ = gate.take([explanation(1)])
            let settled = batches.flatMap { gate.take($0).settled }
            #expect(settled.map(\.gate) == ["run"] && settled.map(\.verdict) == [.interpretable])
        }
    }

    @Test func anExplanationThatIsPassedOverGoesOnAndIsAskedOnce() {
        var gate = gate()
        _ = gate.take([explanation(1), explanation(2)])
        #expect(gate.take(batch(1, nil, of: "run")).ask.isEmpty)
        #expect(gate.take(batch(1, 0.7, of: "meant")).ask.map(\.latent) == [1])
        #expect(gate.take(batch(1, 0.7, of: "meant")).ask.isEmpty)
        #expect(gate.end().ask.map(\.latent) == [2])
        #expect(gate.end().ask.isEmpty)
    }

    @Test func earlierScoresDecideAtOnceAfterARestart() {
        var gate = gate()
        gate.note([
            Fixture.score(1, 0.95, node: "run"), Fixture.score(2, 0.95, node: "run", control: "shuffled"),
            Fixture.score(3, 0.95, node: "other"),
        ])
        let resolution = gate.take([explanation(1), explanation(2), explanation(3)])
        #expect(resolution.settled.map(\.explanation.latent) == [1] && resolution.ask.isEmpty)
        #expect(gate.end().ask.map(\.latent) == [2, 3])
    }

    @Test func whatIsSettledIsAScoreWithoutAValueThatSaysBywhom() throws {
        var gate = gate(["meant"])
        _ = gate.take([explanation(1)])
        let settled = try #require(gate.take(batch(1, 0.95, of: "meant")).settled.first)
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
