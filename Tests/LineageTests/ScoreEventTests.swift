import Elements
import Testing

@testable import Lineage

/// What a score node is asked to do, event by event.
@Suite struct ScoreEventTests {
    /// An action without what it carries, but for whom it is about.
    private enum Asked: Hashable {
        case adopt
        case score([UInt64], control: Bool)
        case settle([UInt64])
        case record([ChoiceOutcome])
        case look
        case passOn(Int)
        case note
        case dismiss([Int64])

        init(_ action: ScoreAction) {
            self =
                switch action {
                case .adopt: .adopt
                case .score(let requests):
                    .score(requests.map { Fixture.number(of: $0.explanation) }, control: requests[0].control != nil)
                case .settle(let settled): .settle(settled.map { Fixture.number(of: $0.explanation) })
                case .record(let choices): .record(choices.map(\.outcome))
                case .look: .look
                case .passOn(let jobs): .passOn(jobs.count)
                case .note: .note
                case .dismiss(let requests): .dismiss(requests)
                }
        }
    }

    private func lineage(
        _ explanations: [Explanation] = [], settings: [ScoreNodeSettings] = [Fixture.settings()], scores: [Score] = []
    ) -> Lineage {
        var lineage = Lineage()
        lineage.restore(explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [])
        for settings in settings {
            lineage.restore(
                scorer: settings, reading: ["lexical"], scores: scores.filter { $0.node == settings.node })
        }
        return lineage
    }

    /// Tells a node of an event and carries out nothing; returns what was asked for, step by step.
    private func asked(
        _ event: ScoreEvent, of lineage: inout Lineage, at node: String = "executed"
    ) -> [Asked] {
        var all: [Asked] = []
        var actions = lineage.handle(event, at: node)
        while !actions.isEmpty {
            all += actions.map(Asked.init)
            actions = lineage.handle(.done, at: node)
        }
        return all
    }

    private func planned(_ number: UInt64, latent: Int = 3, contest: UInt64? = nil) -> PlannedScore {
        PlannedScore(Fixture.score(number, 0.5, epoch: 4, contest: contest, latent: latent))
    }

    @Test func explanationsAreScoredOnTheirEvidenceAndPassedOnAfterIt() {
        var lineage = lineage()
        let first = Fixture.explanation(1)
        #expect(
            asked(.explanations([first], epoch: 1), of: &lineage)
                == [.adopt, .score([1], control: false), .passOn(1)])
        #expect(asked(.explanations([first], epoch: 1), of: &lineage) == [.adopt, .passOn(1)])
    }

    @Test func whatIsOwedIsSeenToOnceAllExplanationsOfAnEpochHaveCome() {
        var lineage = lineage()
        let both = [Fixture.explanation(1, latent: 1), Fixture.explanation(2, latent: 2)]
        #expect(asked(.settled(epoch: 0, by: "lexical"), of: &lineage).isEmpty)
        #expect(asked(.explanations(both, epoch: 1), of: &lineage).contains(.score([1, 2], control: false)))
        _ = lineage.handle(.worked([], [planned(1, latent: 1), planned(2, latent: 2)]), at: "executed")
        // More of the same epoch is no end, newer ones are.
        #expect(asked(.explanations([both[0]], epoch: 1), of: &lineage) == [.adopt, .passOn(1)])
        let next = asked(.explanations([both[0]], epoch: 2), of: &lineage)
        #expect(next.count == 4 && Array(next.suffix(3)) == [.note, .adopt, .passOn(1)])
        #expect(next.first == .score([1, 2], control: true) || next.first == .score([2, 1], control: true))
        #expect(asked(.settled(epoch: 2, by: "lexical"), of: &lineage) == [.note])
    }

    @Test func newsOfEvidenceIsAdoptedAfterWhatIsOwedOnTheOld() {
        var settings = Fixture.settings()
        settings.rounds = RoundRule(rescore: 2, recent: false)
        var lineage = lineage(settings: [settings])
        _ = asked(.explanations([Fixture.explanation(1)], epoch: 1), of: &lineage)
        _ = lineage.handle(.worked([], [planned(1)]), at: "executed")
        #expect(asked(.settled(epoch: 2, by: "lexical"), of: &lineage) == [.note])
        #expect(asked(.evidence(epoch: 2, by: "lexical"), of: &lineage) == [.adopt, .look])
        #expect(asked(.evidence(epoch: 2, by: "lexical"), of: &lineage) == [.adopt])
        var findings = RescoreOutlook.Findings()
        findings.due = [Fixture.explanation(1)]
        #expect(lineage.handle(.looked(findings), at: "executed").map(Asked.init) == [.score([1], control: false)])
    }

    /// Else it would depend on who votes first what else is scored of an explanation.
    @Test func whatIsBeingComparedIsNotScoredAgainBesides() throws {
        var settings = Fixture.settings()
        settings.rounds = RoundRule(rescore: 2, recent: false)
        let all = [Fixture.explanation(1), Fixture.challenger(2, of: 1), Fixture.explanation(3, latent: 9)]
        var lineage = lineage(
            all, settings: [settings],
            scores: [Fixture.score(1, 0.5, epoch: 1), Fixture.score(3, 0.5, epoch: 1, latent: 9)])
        _ = asked(.explanations(lineage.current(of: "lexical"), epoch: 2), of: &lineage)
        var looked: [RescoreOutlook] = []
        var actions = lineage.handle(.evidence(epoch: 2, by: "lexical"), at: "executed")
        while !actions.isEmpty {
            for case .look(let outlook) in actions { looked.append(outlook) }
            actions = lineage.handle(.done, at: "executed")
        }
        let update = EvidenceUpdate(view: CountedView { _ in 1_000_000 }, epoch: 2, isCaughtUp: true)
        #expect(looked.flatMap { $0.findings(on: update).due.map(\.latent) } == [9])
    }

    @Test func aChallengerIsComparedOnceAndDecidedOnOnce() {
        let first = Fixture.explanation(1)
        var lineage = lineage([first])
        let second = Fixture.challenger(2, of: 1)
        let actions = lineage.handle(.explained([second]), at: "lexical")
        #expect(actions.count == 2)
        #expect(
            asked(.explanations([second], epoch: 2), of: &lineage)
                == [.adopt, .score([1, 2], control: false)])
        #expect(asked(.explanations([second], epoch: 2), of: &lineage) == [.adopt])
        let scores = [Fixture.score(1, 0.5, epoch: 2, contest: 2), Fixture.score(2, 0.75, epoch: 2, contest: 2)]
        #expect(lineage.handle(.recorded([scores[0]]), at: "executed").isEmpty)
        #expect(lineage.handle(.recorded([scores[1]]), at: "executed").map(Asked.init) == [.record([.replaced])])
        #expect(lineage.handle(.recorded(scores), at: "executed").isEmpty)
        #expect(lineage.current(of: "lexical") == [second])
    }

    @Test func everyScoreNodeFollowsAReplacement() {
        let names = ["executed", "detected", "meant"]
        var lineage = lineage([Fixture.explanation(1)], settings: names.map { Fixture.settings($0) })
        let second = Fixture.challenger(2, of: 1)
        for name in names { _ = asked(.explanations([Fixture.explanation(1)], epoch: 1), of: &lineage, at: name) }
        _ = lineage.handle(.explained([second]), at: "lexical")
        for name in names {
            let scores = [
                Fixture.score(1, 0.5, epoch: 2, contest: 2, node: name),
                Fixture.score(2, 0.75, epoch: 2, contest: 2, node: name),
            ]
            #expect(
                lineage.handle(.recorded(scores), at: name).map(Asked.init)
                    == (name == "meant" ? [.record([.replaced])] : []))
        }
        // None of them has noted a plan of it, so each scores it, and is through with it only then.
        for name in names {
            #expect(
                asked(.settled(epoch: 2, by: "lexical"), of: &lineage, at: name)
                    == [.score([2], control: false), .passOn(1), .note])
        }
    }

    @Test func aNodeThatCannotScoreBothAbstains() {
        var lineage = lineage([Fixture.explanation(1)])
        let second = Fixture.challenger(2, of: 1)
        _ = lineage.handle(.explained([second]), at: "lexical")
        _ = asked(.explanations([second], epoch: 2), of: &lineage)
        let requests = [ScoreRequest(second, own: second, challenger: second.job)]
        #expect(
            lineage.handle(.finished(requests, [planned(1, contest: 2)]), at: "executed").map(Asked.init)
                == [.record([.kept])])
    }

    @Test func aNodeThatDoesNotTakeTheChallengerAbstainsAtOnce() {
        var needsPredicate = Fixture.settings()
        needsPredicate.needsPredicate = true
        var lineage = lineage([Fixture.explanation(1)], settings: [needsPredicate])
        let second = Fixture.challenger(2, of: 1)
        _ = lineage.handle(.explained([second]), at: "lexical")
        #expect(
            asked(.explanations([second], epoch: 2), of: &lineage) == [.adopt, .record([.kept])])
    }

    @Test func aFailedJobOfAComparisonAbstainsAndAnyOtherDoesNot() {
        var lineage = lineage([Fixture.explanation(1)])
        _ = lineage.handle(.explained([Fixture.challenger(2, of: 1)]), at: "lexical")
        #expect(lineage.handle(.failed(planned(1)), at: "executed").isEmpty)
        #expect(
            lineage.handle(.failed(planned(1, contest: 2)), at: "executed").map(Asked.init) == [.record([.kept])])
    }

    @Test func aComparisonThatWasPlannedBeforeARestartIsNotPlannedAgain() {
        var lineage = lineage([Fixture.explanation(1), Fixture.challenger(2, of: 1)])
        _ = lineage.handle(.resumed(planned(2, contest: 2)), at: "executed")
        let stored = lineage.current(of: "lexical")
        #expect(
            asked(.explanations(stored, epoch: 3), of: &lineage)
                == [.adopt, .score([1], control: false), .passOn(1)])
    }

    @Test func aComparisonThatWasScoredBeforeARestartIsDecidedAtOnce() {
        // What stands has a headline of its own: that of a comparison is none.
        let scores = [
            Fixture.score(1, 0.6, epoch: 1), Fixture.score(1, 0.5, epoch: 2, contest: 2),
            Fixture.score(2, 0.25, epoch: 2, contest: 2),
        ]
        var lineage = lineage([Fixture.explanation(1), Fixture.challenger(2, of: 1)], scores: scores)
        let stored = lineage.current(of: "lexical")
        #expect(
            asked(.explanations(stored, epoch: 3), of: &lineage)
                == [.adopt, .record([.kept]), .score([1], control: false), .passOn(1)])
    }

    @Test func anUndecidedComparisonIsLookedAtOnceMoreOnOtherWindows() throws {
        let scores = [
            Fixture.score(1, 0.6, epoch: 1), Fixture.score(1, 0.5, epoch: 2, contest: 2),
            Fixture.score(2, 0.52, epoch: 2, contest: 2),
        ]
        var lineage = lineage([Fixture.explanation(1), Fixture.challenger(2, of: 1)], scores: scores)
        var requests: [ScoreRequest] = []
        var actions = lineage.handle(
            .explanations(lineage.current(of: "lexical"), epoch: 3), at: "executed")
        while !actions.isEmpty {
            for case .score(let asked) in actions { requests += asked }
            actions = lineage.handle(.done, at: "executed")
        }
        #expect(requests.map(\.part) == [.deciding(look: 2), .deciding(look: 2)])
        #expect(requests.map(\.explanation.job) == [Fixture.hash(1), Fixture.hash(2)])
        let view = CountedView { _ in 100 }
        let founded = try #require(requests.first).founded(
            on: EvidenceUpdate(view: view, epoch: 3, isCaughtUp: true))
        #expect(founded.round?.look == 2 && founded.round?.contest == Fixture.hash(2))
        // The names of jobs of two looks differ even on equal windows.
        let first = ScoringRound(epoch: 3, windowsFired: 1, recent: [], contest: Fixture.hash(2))
        #expect(first.name(of: Fixture.hash(9)) != founded.round?.name(of: Fixture.hash(9)))
    }

    @Test func theWinnersHeadlineComesFromWindowsThatDidNotDecide() throws {
        let scores = [
            Fixture.score(1, 0.6, epoch: 1), Fixture.score(1, 0.2, epoch: 2, contest: 2),
            Fixture.score(2, 0.9, epoch: 2, contest: 2),
        ]
        var lineage = lineage([Fixture.explanation(1), Fixture.challenger(2, of: 1)], scores: scores)
        var (requests, outcomes): ([ScoreRequest], [ChoiceOutcome]) = ([], [])
        var actions = lineage.handle(
            .explanations(lineage.current(of: "lexical"), epoch: 3), at: "executed")
        while !actions.isEmpty {
            for case .score(let asked) in actions { requests += asked.filter { $0.control == nil } }
            for case .record(let choices) in actions { outcomes += choices.map(\.outcome) }
            actions = lineage.handle(.done, at: "executed")
        }
        #expect(outcomes == [.replaced])
        #expect(requests.map(\.explanation.job) == [Fixture.hash(2)] && requests.map(\.part) == [.reporting])
    }

    @Test func afterAStopNothingMoreIsOwed() {
        var lineage = lineage([Fixture.explanation(1)])
        let second = Fixture.challenger(2, of: 1)
        _ = lineage.handle(.explained([second]), at: "lexical")
        _ = asked(.explanations([second], epoch: 2), of: &lineage)
        _ = lineage.handle(.stopping, at: "executed")
        let requests = [ScoreRequest(second, own: second, challenger: second.job)]
        // What a stop has kept from being scored is no abstention.
        #expect(lineage.handle(.finished(requests, []), at: "executed").isEmpty)
        #expect(asked(.settled(epoch: 3, by: "lexical"), of: &lineage).isEmpty && asked(.ended, of: &lineage).isEmpty)
    }

    // MARK: Cascades

    private func gated() -> Lineage {
        var settings = Fixture.settings("judged")
        settings.gate = CascadeGate(gates: ["executed"], below: 0.6, above: 0.8)
        return lineage(settings: [Fixture.settings(), settings])
    }

    @Test func whatACheaperScoreSettlesNeedsNoJudge() {
        var lineage = gated()
        let both = [Fixture.explanation(1, latent: 1), Fixture.explanation(2, latent: 2)]
        #expect(asked(.explanations(both, epoch: 1), of: &lineage, at: "judged") == [.adopt, .passOn(2)])
        #expect(
            asked(.cheaper([Fixture.score(1, 0.95, latent: 1)]), of: &lineage, at: "judged") == [.settle([1])])
        #expect(
            asked(.considered(both.map(\.job), by: "executed"), of: &lineage, at: "judged")
                == [.score([2], control: false)])
        #expect(asked(.ended, of: &lineage, at: "judged") == [.note])
    }

    @Test func whatStillWaitsIsLeftToTheJudgeAtTheEndButNotAfterAStop() {
        for isStopping in [false, true] {
            var lineage = gated()
            _ = asked(.explanations([Fixture.explanation(1)], epoch: 1), of: &lineage, at: "judged")
            if isStopping { _ = lineage.handle(.stopping, at: "judged") }
            #expect(
                asked(.ended, of: &lineage, at: "judged")
                    == (isStopping ? [] : [.score([1], control: false), .note]))
        }
    }

    @Test func whatCheaperScoresHaveSettledTheyDecideAboutToo() {
        var lineage = gated()
        _ = asked(.explanations([Fixture.explanation(1)], epoch: 1), of: &lineage, at: "judged")
        _ = lineage.handle(.explained([Fixture.explanation(1)]), at: "lexical")
        _ = asked(.cheaper([Fixture.score(1, 0.95)]), of: &lineage, at: "judged")
        let second = Fixture.challenger(2, of: 1)
        _ = lineage.handle(.explained([second]), at: "lexical")
        #expect(
            asked(.explanations([second], epoch: 2), of: &lineage, at: "judged") == [.note, .adopt])
        let scores = [Fixture.score(1, 0.5, epoch: 2, contest: 2), Fixture.score(2, 0.75, epoch: 2, contest: 2)]
        // The judged node has abstained: the cheaper one decides alone.
        #expect(lineage.handle(.recorded(scores), at: "executed").map(Asked.init) == [.record([.replaced])])
    }
}

extension Fixture {
    /// The number of an explanation made here.
    static func number(of explanation: Explanation) -> UInt64 {
        (1...100).first { hash($0) == explanation.job } ?? 0
    }
}
