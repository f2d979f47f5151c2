import Elements
import Testing

@testable import Lineage

/// What persons ask for, event by event.
@Suite struct RequestTests {
    private func lineage(
        _ explanations: [Explanation], pinned: Set<JobID> = [], scores: [Score] = [], nodes: [String] = ["executed"]
    ) -> Lineage {
        var lineage = Lineage()
        lineage.restore(
            explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [], pinned: pinned)
        for node in nodes {
            lineage.restore(scorer: Fixture.settings(node), reading: ["lexical"], scores: scores)
        }
        return lineage
    }

    private func asked(_ latents: [Int], of lineage: inout Lineage) -> (asked: [ExplainRequest], dismissed: [RequestID])
    {
        let asked = latents.enumerated().map { AskedExplanation(request: RequestID($0), latent: $1) }
        var found: (asked: [ExplainRequest], dismissed: [RequestID]) = ([], [])
        for action in lineage.handle(.requested(asked), at: "lexical") {
            switch action {
            case .explain(let requests): found.asked += requests
            case .dismiss(let requests): found.dismissed += requests
            case .look, .record, .passOn, .pin: Issue.record("unexpected")
            }
        }
        return found
    }

    private func label(_ number: UInt64, over standing: UInt64, text: String? = nil) -> Explanation {
        Fixture.explanation(
            number, text: text, epoch: 2, again: ExplainedAgain(standing: Fixture.hash(standing), reason: .labelled))
    }

    private func choices(of actions: [ExplainAction]) -> [Choice] {
        actions.flatMap { action -> [Choice] in
            if case .record(_, let choices) = action { choices } else { [] }
        }
    }

    private func candidates(_ lineage: Lineage) -> [Int] {
        var lineage = lineage
        for case .look(let outlook) in lineage.handle(.evidence, at: "lexical") {
            return outlook.candidates.map(\.latent)
        }
        return []
    }

    @Test func aLatentWithoutAnExplanationGetsAFirstOneAndAnotherAChallenger() {
        var lineage = lineage([Fixture.explanation(1, latent: 3)])
        let found = asked([3, 8, 3], of: &lineage)
        #expect(found.asked.map(\.latent) == [3, 8] && found.asked.map(\.request) == [0, 1] && found.dismissed == [2])
        #expect(found.asked.map(\.again) == [ExplainedAgain(standing: Fixture.hash(1), reason: .asked), nil])
    }

    @Test func whatCannotBeComparedIsNotAskedForAgain() {
        var lineage = lineage([Fixture.explanation(1, latent: 60)])
        // The score node takes latents below 50.
        #expect(asked([60], of: &lineage).dismissed == [0])
        var challenged = self.lineage([Fixture.explanation(1)])
        _ = challenged.handle(.explained([Fixture.challenger(2, of: 1)]), at: "lexical")
        #expect(asked([3], of: &challenged).dismissed == [0])
    }

    @Test func aLatentWhoseFirstExplanationIsBeingMadeGetsNoOther() {
        var lineage = lineage([])
        _ = lineage.handle(.begun([8]), at: "lexical")
        let found = asked([8, 9], of: &lineage)
        #expect(found.dismissed == [0] && found.asked.map(\.latent) == [9])
    }

    @Test func whatWasDecidedOnChallengesNothingIfTheSameEvidenceGivesItAgain() {
        var lineage = lineage([Fixture.explanation(1)])
        let second = Fixture.explanation(
            2, epoch: 2, again: ExplainedAgain(standing: Fixture.hash(1), reason: .asked))
        _ = lineage.handle(.explained([second]), at: "lexical")
        _ = lineage.handle(.pinned(Fixture.hash(1), latent: 3), at: "lexical")
        _ = lineage.handle(.unpinned(latent: 3), at: "lexical")
        // Asked for once more in the same epoch: the request is done with the record, and nobody is to vote.
        #expect(asked([3], of: &lineage).asked.map(\.latent) == [3])
        var recorded: [JobID] = []
        for action in lineage.handle(.explained([second]), at: "lexical") {
            switch action {
            case .record(let explanations, let choices):
                recorded += explanations.map(\.job)
                #expect(choices.isEmpty)
            case .look, .explain, .passOn, .dismiss, .pin: Issue.record("unexpected")
            }
        }
        #expect(recorded == [second.job] && !lineage.isComparing(latent: 3))
        #expect(lineage.incumbent(of: 3, by: "lexical")?.job == Fixture.hash(1))
    }

    @Test func aPinEndsAComparisonAndEvidenceCallsForNothingMore() {
        var lineage = lineage([Fixture.explanation(1)], nodes: ["executed", "detected"])
        #expect(candidates(lineage) == [3])
        _ = lineage.handle(.explained([Fixture.challenger(2, of: 1)]), at: "lexical")
        let changes = lineage.changes
        var ending: [Choice] = []
        for case .pin(let job, let ended) in lineage.handle(.pinned(Fixture.hash(1), latent: 3), at: "lexical") {
            #expect(job == Fixture.hash(1))
            ending += ended
        }
        #expect(ending.map(\.outcome) == [.kept] && ending.map(\.challenger) == [Fixture.hash(2)])
        #expect(lineage.changes > changes && !lineage.isComparing(latent: 3) && candidates(lineage).isEmpty)
        #expect(asked([3], of: &lineage).dismissed == [0])
        // Votes that come late say nothing.
        let late = [Fixture.score(1, 0.1, epoch: 2, contest: 2), Fixture.score(2, 0.9, epoch: 2, contest: 2)]
        #expect(lineage.handle(.recorded(late), at: "executed").isEmpty)
        // What was being made is history at once.
        let kept = choices(of: lineage.handle(.explained([Fixture.challenger(4, of: 1)]), at: "lexical"))
        #expect(kept.map(\.outcome) == [.kept])
        #expect(lineage.incumbent(of: 3, by: "lexical")?.job == Fixture.hash(1))
        _ = lineage.handle(.unpinned(latent: 3), at: "lexical")
        #expect(candidates(lineage) == [3])
    }

    @Test func onlyWhatStandsIsPinned() {
        var lineage = lineage([Fixture.explanation(1)])
        #expect(lineage.handle(.pinned(Fixture.hash(2), latent: 3), at: "lexical").isEmpty)
        #expect(lineage.handle(.pinned(Fixture.hash(1), latent: 4), at: "lexical").isEmpty)
        #expect(candidates(lineage) == [3])
        #expect(candidates(self.lineage([Fixture.explanation(1)], pinned: [Fixture.hash(1)])).isEmpty)
        #expect(candidates(self.lineage([Fixture.explanation(1)], pinned: [Fixture.hash(2)])) == [3])
    }

    @Test func aPersonsWordsStandAtOnceAndAreScored() {
        var lineage = lineage([Fixture.explanation(1)])
        let second = label(2, over: 1)
        var (choices, passed) = ([Choice](), [Explanation]())
        for action in lineage.handle(.explained([second]), at: "lexical") {
            switch action {
            case .record(let explanations, let made):
                #expect(explanations == [second])
                choices += made
            case .passOn(let explanations): passed += explanations
            case .look, .explain, .dismiss, .pin: Issue.record("unexpected")
            }
        }
        #expect(choices.map(\.outcome) == [.replaced] && choices.map(\.reason) == [.labelled] && passed == [second])
        #expect(lineage.incumbent(of: 3, by: "lexical") == second)
        var scored: [JobID] = []
        var actions = lineage.handle(.explanations([second], epoch: 2), at: "executed")
        while !actions.isEmpty {
            for case .score(let requests) in actions { scored += requests.map(\.explanation.job) }
            actions = lineage.handle(.done, at: "executed")
        }
        #expect(scored == [second.job])
        // By what is stored alone the newest stands, in whichever order choices are read.
        let third = label(3, over: 2)
        var next = lineage
        for case .record(_, let made) in next.handle(.explained([third]), at: "lexical") { choices += made }
        let all = [Fixture.explanation(1), second, third]
        for order in [choices, choices.reversed()] {
            let replayed = Lineage.replay(explanations: all, choices: order)
            #expect(replayed.standing(among: all) == [third])
        }
    }

    @Test func theSameWordsAgainAreConfirmedAndAPinIsStrongerThanWords() {
        var lineage = lineage([Fixture.explanation(1, text: "dates")])
        let confirmed = choices(of: lineage.handle(.explained([label(2, over: 1, text: "dates")]), at: "lexical"))
        #expect(confirmed.map(\.outcome) == [.confirmed])
        var pinned = self.lineage([Fixture.explanation(1)], pinned: [Fixture.hash(1)])
        let kept = choices(of: pinned.handle(.explained([label(2, over: 1)]), at: "lexical"))
        #expect(kept.map(\.outcome) == [.kept])
        #expect(pinned.incumbent(of: 3, by: "lexical")?.job == Fixture.hash(1))
    }

    @Test func whatStandsIsScoredAnewOnceForEachRequestAndOnlyByWhomItIsAskedOf() {
        let explanation = Fixture.explanation(1)
        var lineage = lineage([explanation], scores: [Fixture.score(1, 0.5, epoch: 1)])
        var actions = lineage.handle(.explanations([explanation], epoch: 2), at: "executed")
        while !actions.isEmpty { actions = lineage.handle(.done, at: "executed") }
        func wanted(_ request: RequestID, _ latent: Int, node: String = "executed") -> AskedScore {
            AskedScore(request: request, node: node, explainedBy: "lexical", latent: latent)
        }
        var (scored, dismissed) = ([ScoreRequest](), [RequestID]())
        actions = lineage.handle(
            .asked([wanted(1, 3), wanted(2, 3), wanted(3, 9), wanted(4, 3, node: "other")]), at: "executed")
        while !actions.isEmpty {
            for action in actions {
                if case .score(let requests) = action { scored += requests }
                if case .dismiss(let requests) = action { dismissed += requests }
            }
            actions = lineage.handle(.done, at: "executed")
        }
        #expect(scored.map(\.explanation.job) == [explanation.job] && scored.map(\.request) == [1])
        #expect(dismissed == [2, 3])
    }
}
