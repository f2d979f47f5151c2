import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct LatentHistoryTests {
    private func challenger(_ number: UInt64, of standing: UInt64) -> Explanation {
        Fixture.explanation(
            number, epoch: number, again: ExplainedAgain(standing: Fixture.hash(standing), reason: .fallen))
    }

    private func choice(_ challenger: UInt64, over standing: UInt64, _ outcome: ChoiceOutcome) -> Choice {
        Choice(
            challenger: Fixture.hash(challenger), standing: Fixture.hash(standing), node: "lexical",
            coder: Fixture.coder, latent: 3, reason: .fallen, outcome: outcome,
            scores: [PairedScore(node: "executed", standing: 0.5, challenger: 0.75)], epoch: 4)
    }

    private func score(of explanation: UInt64, _ value: Double, contest: UInt64? = nil) -> Score {
        func estimate(_ value: Double) -> Estimate {
            Estimate(value: value, lower: value - 0.125, upper: value + 0.125, count: 40)
        }
        let plain = Score(
            job: Fixture.hash(900 + explanation), node: "executed", method: "execution", coder: Fixture.coder,
            latent: 3,
            explanation: Fixture.hash(explanation), explainedBy: "lexical", text: "label \(explanation)",
            headline: estimate(value), details: ["current": estimate(value / 2)], judged: 40, failed: 0, tokensIn: 0,
            tokensOut: 0)
        return plain.noted(
            in: ScoringRound(epoch: 4, windowsFired: 77, recent: [], contest: contest.map { Fixture.hash($0) }))
    }

    @Test func aPageShowsWhatStandsWithItsCurrentFigureAndWhatStoodBefore() async throws {
        try await RunningServer.with { server async throws in
            try server.store.record(explanations: [Fixture.explanation(1)], scores: [score(of: 1, 0.875)])
            try server.store.record(explanations: [challenger(2, of: 1)], scores: [score(of: 2, 0.75, contest: 2)])
            // Nor is what decides about it a score of what stands. While it is open the challenger is nothing but history.
            var page = try await server.get("/v1/latents/codes/3").object
            #expect((page["explanations"] as? [[String: Any]])?.map { $0["explanation"] as? String } == ["label 1"])
            #expect((page["scores"] as? [[String: Any]])?.map { $0["value"] as? Double } == [0.875])

            try server.store.record(
                scores: [score(of: 2, 0.625)], choices: [choice(2, over: 1, .replaced)])
            try server.store.record(explanations: [challenger(4, of: 2)], choices: [choice(4, over: 2, .kept)])
            page = try await server.get("/v1/latents/codes/3").object
            #expect((page["explanations"] as? [[String: Any]])?.map { $0["explanation"] as? String } == ["label 2"])
            let scores = page["scores"] as? [[String: Any]] ?? []
            #expect(scores.map { $0["value"] as? Double } == [0.625])
            #expect(scores.first?["windows_fired"] as? Int == 77 && scores.first?["epoch"] as? Int == 4)
            let current = (scores.first?["details"] as? [String: Any])?["current"] as? [String: Any]
            #expect(current?["value"] as? Double == 0.3125)

            let history = page["explanation_history"] as? [[String: Any]] ?? []
            #expect(history.map { $0["explanation"] as? String } == ["label 1", "label 2", "label 4"])
            #expect(history.map { $0["from"] is NSNull } == [false, false, true])
            #expect(history.map { $0["until"] is NSNull } == [false, true, true])
            #expect(history.map { $0["again"] as? String } == [nil, "fallen", "fallen"])
            let decided = history.map { $0["decided"] as? [String: Any] }
            #expect(decided.map { $0?["outcome"] as? String } == [nil, "replaced", "kept"])
            let pair = (decided[1]?["scores"] as? [[String: Any]])?.first
            #expect(pair?["standing"] as? Double == 0.5 && pair?["challenger"] as? Double == 0.75)
            let list = try await server.get("/v1/latents").object["latents"] as? [[String: Any]] ?? []
            let listed = list.first?["scores"] as? [[String: Any]] ?? []
            #expect(listed.map { $0["explanation"] as? String } == ["label 2"])
        }
    }
}
