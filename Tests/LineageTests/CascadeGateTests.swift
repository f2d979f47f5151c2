import Elements
import Testing

@testable import Lineage

@Suite struct CascadeGateTests {
    private func explanation(_ latent: Int) -> Explanation { Fixture.explanation(UInt64(latent), latent: latent) }

    /// A score with an interval of 0.1 to both sides.
    private func score(_ latent: Int, _ value: Double, of node: String, control: String? = nil) -> Score {
        Score(
            job: Fixture.hash(UInt64(latent) + 900), node: node, method: "execution", coder: Fixture.coder,
            latent: latent, explanation: Fixture.hash(UInt64(latent)), explainedBy: "lexical", text: "dates",
            headline: Estimate(value: value, lower: value - 0.1, upper: value + 0.1, count: 40), details: [:],
            judged: 40, failed: 0, tokensIn: 0, tokensOut: 0, control: control)
    }

    /// A node scores an explanation, if there is a value, and is through with it.
    private func take(
        _ latent: Int, _ value: Double?, of node: String, in gate: inout CascadeGate
    ) -> CascadeGate.Resolution {
        var resolution = value.map { gate.take(scores: [score(latent, $0, of: node)]) } ?? CascadeGate.Resolution()
        let passed = gate.take(considered: [Fixture.hash(UInt64(latent))], by: node)
        resolution.ask += passed.ask
        resolution.settled += passed.settled
        return resolution
    }

    private func gate(_ gates: [String] = ["run", "meant"]) -> CascadeGate {
        CascadeGate(gates: gates, below: 0.6, above: 0.8)
    }

    /// Fixture scores have an interval of 0.1 to both sides.
    @Test func onlyWholeIntervalsBeyondABoundSettle() {
        for (value, verdict) in [
            (0.49, false), (0.51, nil), (0.7, nil), (0.89, nil), (0.91, true),
        ] as [(Double, Bool?)] {
            var gate = gate(["meant"])
            #expect(gate.take([explanation(1)]).ask.isEmpty)
            let resolution = take(1, value, of: "meant", in: &gate)
            #expect(resolution.settled.first?.isInterpretable == verdict)
            #expect(resolution.ask.count == (verdict == nil ? 1 : 0))
        }
    }

    @Test func nodesAreLookedAtInTheirOrderWhicheverComesFirst() throws {
        let (run, meant) = ((value: 0.95, node: "run"), (value: 0.4, node: "meant"))
        for scores in [[run, meant], [meant, run]] {
            var gate = gate()
            _ = gate.take([explanation(1)])
            var settled: [CascadeGate.Settled] = []
            for (value, node) in scores { settled += take(1, value, of: node, in: &gate).settled }
            #expect(settled.map(\.gate) == ["run"] && settled.map(\.isInterpretable) == [true])
        }
    }

    @Test func anExplanationThatIsPassedOverGoesOnAndIsAskedOnce() {
        var gate = gate()
        _ = gate.take([explanation(1), explanation(2)])
        #expect(take(1, nil, of: "run", in: &gate).ask.isEmpty)
        #expect(take(1, 0.7, of: "meant", in: &gate).ask.map(\.latent) == [1])
        #expect(take(1, 0.7, of: "meant", in: &gate).ask.isEmpty)
        #expect(gate.end().ask.map(\.latent) == [2])
        #expect(gate.end().ask.isEmpty)
    }

    @Test func earlierScoresDecideAtOnceAfterARestart() {
        var gate = gate()
        gate.note([
            score(1, 0.95, of: "run"), score(2, 0.95, of: "run", control: "shuffled"),
            score(3, 0.95, of: "other"),
        ])
        let resolution = gate.take([explanation(1), explanation(2), explanation(3)])
        #expect(resolution.settled.map(\.explanation.latent) == [1] && resolution.ask.isEmpty)
        #expect(gate.end().ask.map(\.latent) == [2, 3])
    }
}
