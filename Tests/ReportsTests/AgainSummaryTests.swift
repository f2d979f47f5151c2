import Elements
import Foundation
import StateFixtures
import Testing

@testable import Reports

@Suite struct AgainSummaryTests {
    private func again(_ number: UInt64, latent: Int, _ reason: AgainReason, node: String = "lexical") -> Explanation {
        Fixture.explanation(
            number, latent: latent, again: ExplainedAgain(standing: Fixture.hash(1), reason: reason), node: node)
    }

    private func choice(
        _ challenger: UInt64, _ outcome: ChoiceOutcome, _ scores: [PairedScore] = [], node: String = "lexical"
    ) -> Choice {
        Choice(
            challenger: Fixture.hash(challenger), standing: Fixture.hash(1), node: node, coder: Fixture.coder,
            latent: 3, reason: .grown, outcome: outcome, scores: scores, epoch: 4)
    }

    @Test func reasonsAndOutcomesAreListedInTheirOwnOrderByNode() {
        let summaries = AgainSummary.all(
            explanations: [
                again(2, latent: 3, .fallen), again(3, latent: 4, .grown), again(4, latent: 4, .moved),
                again(5, latent: 9, .grown, node: "best"), Fixture.explanation(1),
            ],
            choices: [choice(2, .confirmed), choice(3, .kept), choice(4, .kept)])
        #expect(
            AgainSummary.lines(of: summaries) == [
                "", "EXPLAINED AGAIN (both explanations scored on the same windows; ties keep what stands)",
                "  best: 1 latents (1 grown), 1 open",
                "  lexical: 2 latents (1 grown, 1 moved, 1 fallen): 2 kept, 1 confirmed",
            ])
    }

    @Test func theGainIsTheMeanOverThoseReplacedOfTheMeanOverTheirScorers() {
        func pair(_ standing: Double?, _ challenger: Double?) -> PairedScore {
            PairedScore(node: "executed", standing: standing, challenger: challenger)
        }
        let explanations = (2...6).map { again($0, latent: Int($0), .grown) }
        let summary = AgainSummary.all(
            explanations: explanations,
            choices: [
                choice(2, .replaced, [pair(0.5, 0.75), pair(0.5, 1), pair(nil, 0.9), pair(0.1, nil)]),
                choice(3, .replaced, [pair(0.5, 0.625)]), choice(4, .replaced, [pair(nil, nil)]),
                // What was kept is no gain, however it scored.
                choice(5, .kept, [pair(0.9, 0.1)]),
            ])
        #expect(summary.first?.gain == (0.375 + 0.125) / 2 && summary.first?.open == 1)
    }

    @Test func withoutAReplacementThereIsNoGain() {
        let summary = AgainSummary.all(explanations: [again(2, latent: 3, .moved)], choices: [choice(2, .kept)])
        #expect(summary.first?.gain == nil && summary.first?.outcomes == [.kept: 1])
        #expect(AgainSummary.lines(of: summary).last == "  lexical: 1 latents (1 moved): 1 kept")
    }

    @Test func latentsOfTwoCodersAreNotTheSame() {
        let other = CoderIdentity(name: "other", hookpoint: "layers.1", latents: 9, digest: Fixture.hash(8))
        let first = again(2, latent: 3, .grown)
        let second = Explanation(
            job: Fixture.hash(7), node: "lexical", coder: other, latent: 3, text: "x", predicate: nil,
            provenance: first.provenance)
        #expect(AgainSummary.all(explanations: [first, first, second], choices: []).first?.latents == 2)
    }

    @Test func moreChoicesThanExplanationsLeaveNothingOpen() {
        let summary = AgainSummary.all(
            explanations: [again(2, latent: 3, .moved)], choices: [choice(2, .kept), choice(9, .kept)])
        #expect(summary.first?.open == 0)
    }

    @Test func theJSONHasTheNamesOfReasonsAndOutcomes() throws {
        let summaries = AgainSummary.all(
            explanations: [again(2, latent: 3, .moved)],
            choices: [choice(2, .replaced, [PairedScore(node: "e", standing: 0.5, challenger: 0.75)])])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(summaries.map(AgainFigures.init)), as: UTF8.self)
                == #"[{"gain":0.25,"latents":1,"node":"lexical","open":0,"outcomes":{"replaced":1},"reasons":{"moved":1}}]"#
        )
    }
}
