import Elements
import Testing

@testable import Lineage

/// What becomes of a comparison that two score nodes have a say in, event by event.
@Suite struct ComparisonLookTests {
    private static let nodes = ["executed", "judged"]

    /// The lineage, and what its nodes were asked to score and to write down.
    private struct Bench {
        var lineage = Lineage()
        var asked: [String: [ScoreRequest]] = [:]
        var choices: [Choice] = []

        mutating func tell(_ event: ScoreEvent, at node: String) {
            var actions = lineage.handle(event, at: node)
            while !actions.isEmpty {
                for action in actions {
                    if case .score(let requests) = action {
                        asked[node, default: []] += requests
                        // Begun, and each comes to a score some time.
                        let founded = requests.map { $0.founded(on: update) }
                        _ = lineage.handle(.worked(founded, founded.map(planned)), at: node)
                    }
                    if case .record(let choices) = action { self.choices += choices }
                }
                actions = lineage.handle(.done, at: node)
            }
        }

        /// A node's scores of a look at the challenge of 1 by 2 are on disk.
        mutating func vote(_ node: String, _ standing: Double, _ challenger: Double, look: Int) {
            let scores = [
                Fixture.score(1, standing, epoch: 2, contest: 2, node: node, look: look),
                Fixture.score(2, challenger, epoch: 2, contest: 2, node: node, look: look),
            ]
            for case .record(let choices) in lineage.handle(.recorded(scores), at: node) { self.choices += choices }
        }

        /// What a node was asked to score since the last time.
        mutating func takeAsked(_ node: String) -> [[UInt64]: WindowPart] {
            defer { asked[node] = nil }
            return Dictionary(grouping: asked[node] ?? [], by: \.part).reduce(into: [:]) {
                $0[$1.value.map { Fixture.number(of: $0.explanation) }] = $1.key
            }
        }

        func prospects() -> [ScoreProspect] { ComparisonLookTests.nodes.map { lineage.prospect(of: $0) } }

        var update: EvidenceUpdate {
            EvidenceUpdate(view: CountedView { _ in 200 }, epoch: 2, isCaughtUp: true)
        }

        private func planned(_ request: ScoreRequest) -> PlannedScore {
            PlannedScore(
                explanation: request.explanation.job, explainedBy: "lexical", latent: request.own.latent,
                control: request.control, round: request.round)
        }
    }

    /// Two nodes, of which the judged one has settings of its own, that have been told of two explanations.
    private func begun(_ settings: (inout ScoreNodeSettings) -> Void) -> Bench {
        var bench = Bench()
        bench.lineage.restore(explainer: "lexical", rule: ReexplanationRule(), explanations: [], choices: [])
        for node in Self.nodes {
            var chosen = Fixture.settings(node)
            if node == "judged" { settings(&chosen) }
            bench.lineage.restore(scorer: chosen, reading: ["lexical"], scores: [])
        }
        for explanation in [Fixture.explanation(1), Fixture.challenger(2, of: 1)] {
            _ = bench.lineage.handle(.explained([explanation]), at: "lexical")
            for node in Self.nodes { bench.tell(.explanations([explanation], epoch: 1), at: node) }
        }
        return bench
    }

    /// Two nodes that have begun to compare; nothing more comes to the first of them.
    private func bench() -> Bench {
        var bench = begun { _ in }
        for node in Self.nodes {
            #expect(bench.takeAsked(node) == [[1]: .all, [1, 2]: .deciding(look: 1)])
        }
        bench.tell(.ended, at: "executed")
        return bench
    }

    @Test func whatALookDoesNotTellEveryNodeLooksAtAgain() {
        var bench = bench()
        bench.vote("executed", 0.5, 0.52, look: 1)
        // The fast node is through, but not the slow one.
        #expect(bench.prospects() == [.wait, .wait] && bench.choices.isEmpty)
        bench.vote("judged", 0.5, 0.52, look: 1)
        #expect(bench.prospects() == [.work, .work] && bench.choices.isEmpty)
        for node in Self.nodes {
            bench.tell(.woken, at: node)
            #expect(bench.takeAsked(node) == [[1, 2]: .deciding(look: 2)])
        }
        #expect(bench.prospects() == [.wait, .wait])
        bench.vote("judged", 0.5, 0.95, look: 2)
        #expect(bench.choices.isEmpty)
        bench.vote("executed", 0.5, 0.95, look: 2)
        #expect(bench.choices.map(\.outcome) == [.replaced])
        #expect(bench.choices.first?.scores.map(\.look) == [1, 1, 2, 2])
    }

    @Test func aPinLeavesNoLookToBePaidFor() {
        var bench = bench()
        for node in Self.nodes { bench.vote(node, 0.5, 0.52, look: 1) }
        #expect(bench.prospects() == [.work, .work])
        _ = bench.lineage.handle(.pinned(Fixture.hash(1), latent: 3), at: "lexical")
        for node in Self.nodes {
            bench.tell(.woken, at: node)
            #expect(!bench.takeAsked(node).keys.contains([1, 2]))
        }
        #expect(bench.prospects() == [.nothing, .nothing])
    }

    @Test func atTheBoundWhatStandsIsKept() {
        var bench = bench()
        for look in 1...ComparisonRule.looks {
            #expect(bench.choices.isEmpty)
            for node in Self.nodes {
                bench.vote(node, 0.5, 0.52, look: look)
                bench.tell(.woken, at: node)
            }
            bench.tell(.woken, at: "executed")
        }
        #expect(bench.choices.map(\.outcome) == [.kept])
        #expect(bench.choices.first?.scores.count == 2 * ComparisonRule.looks)
        #expect(bench.lineage.current(of: "lexical").map(\.job) == [Fixture.hash(1)])
    }

    @Test(arguments: [ChoiceOutcome.replaced, .kept])
    func bothNodesOweAHeadlineOfWhatStandsFromTheWindowsThatDidNotDecide(_ outcome: ChoiceOutcome) {
        var bench = bench()
        for node in Self.nodes { bench.vote(node, 0.5, outcome == .replaced ? 0.95 : 0.05, look: 1) }
        #expect(bench.choices.map(\.outcome) == [outcome] && bench.prospects() == [.work, .work])
        for node in Self.nodes {
            bench.tell(.woken, at: node)
            #expect(bench.takeAsked(node) == [outcome == .replaced ? [2] : [1]: .reporting])
            // Once.
            bench.tell(.woken, at: node)
            bench.tell(.settled(epoch: 2, by: "lexical"), at: node)
            #expect(bench.asked[node]?.filter { $0.control == nil } ?? [] == [])
        }
        #expect(bench.prospects() == [.nothing, .nothing])
    }

    @Test func aRestartOwesTheHeadlineThatIsNotStored() {
        let explanations = [Fixture.explanation(1), Fixture.challenger(2, of: 1)]
        let scores = [PairedScore(node: "executed", standing: 0.5, challenger: 0.4, error: 0.01, windows: 9, look: 1)]
        func asked(_ looks: [PairedScore], stored: [Score]) -> [WindowPart] {
            let choice = Choice(
                challenger: Fixture.hash(2), standing: Fixture.hash(1), node: "lexical", coder: Fixture.coder,
                latent: 3, reason: .grown, outcome: .kept, scores: looks, epoch: 2)
            var bench = Bench()
            bench.lineage.restore(
                explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [choice])
            bench.lineage.restore(scorer: Fixture.settings(), reading: ["lexical"], scores: stored)
            bench.tell(.explanations(bench.lineage.current(of: "lexical"), epoch: 3), at: "executed")
            return (bench.asked["executed"] ?? []).map(\.part)
        }
        let before = Fixture.score(1, 0.5, epoch: 1)
        #expect(asked(scores, stored: [before]) == [.reporting])
        #expect(asked(scores, stored: [before, Fixture.score(1, 0.5, epoch: 2, isReporting: true)]) == [])
        // A version that did not test parted no windows: its headline stands.
        #expect(asked([PairedScore(node: "executed", standing: 0.5, challenger: 0.4)], stored: [before]) == [])
    }

    /// The votes are on what an earlier process had planned, and come while what stands is scored for the first time.
    @Test func whatIsScoredOnAllWindowsAsItsComparisonIsDecidedOwesAHeadlineFromTheOthers() {
        var bench = Bench()
        bench.lineage.restore(
            explainer: "lexical", rule: ReexplanationRule(),
            explanations: [Fixture.explanation(1), Fixture.challenger(2, of: 1)], choices: [])
        bench.lineage.restore(scorer: Fixture.settings("judged"), reading: ["lexical"], scores: [])
        for number in 1...2 as ClosedRange<UInt64> {
            bench.tell(.resumed(PlannedScore(Fixture.score(number, 0.5, epoch: 2, contest: 2))), at: "judged")
        }
        let stored = bench.lineage.current(of: "lexical")
        _ = bench.lineage.handle(.explanations(stored, epoch: 3), at: "judged")
        var begun: [ScoreRequest] = []
        for case .score(let requests) in bench.lineage.handle(.done, at: "judged") { begun += requests }
        #expect(begun.map(\.part) == [.all] && begun.map(\.explanation) == [stored[0]])
        bench.vote("judged", 0.5, 0.05, look: 1)
        #expect(bench.choices.map(\.outcome) == [.kept])
        let (update, score) = (bench.update, PlannedScore(Fixture.score(1, 0.5, epoch: 3)))
        _ = bench.lineage.handle(.worked(begun.map { $0.founded(on: update) }, [score]), at: "judged")
        bench.tell(.done, at: "judged")
        #expect(bench.takeAsked("judged") == [[1]: .reporting])
    }

    @Test func theScoresOfAComparisonThatWasNotTestedAreHeadlines() {
        let explanations = [Fixture.explanation(1), Fixture.challenger(2, of: 1)]
        let choice = Choice(
            challenger: Fixture.hash(2), standing: Fixture.hash(1), node: "lexical", coder: Fixture.coder, latent: 3,
            reason: .grown, outcome: .replaced,
            scores: [PairedScore(node: "executed", standing: 0.5, challenger: 0.6)], epoch: 2)
        let scores = [Fixture.score(1, 0.5, epoch: 2, contest: 2), Fixture.score(2, 0.6, epoch: 2, contest: 2)]
        var bench = Bench()
        bench.lineage.restore(
            explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [choice])
        bench.lineage.restore(scorer: Fixture.settings(), reading: ["lexical"], scores: scores)
        bench.tell(.explanations(bench.lineage.current(of: "lexical"), epoch: 3), at: "executed")
        #expect(bench.asked.isEmpty)
        #expect(bench.lineage.latest(among: scores).map(\.explanation) == [Fixture.hash(2)])
    }

    @Test func whatWasPlannedAheadOfItsLookCountsWhenTheLookIsDue() {
        // Of an earlier process: look 1 is on disk, look 2 is planned and ends before look 1 has been read again.
        let explanations = [Fixture.explanation(1), Fixture.challenger(2, of: 1)]
        let scores = [Fixture.score(1, 0.5, epoch: 2, contest: 2), Fixture.score(2, 0.52, epoch: 2, contest: 2)]
        for fails in [false, true] {
            var bench = Bench()
            bench.lineage.restore(
                explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [])
            bench.lineage.restore(scorer: Fixture.settings(), reading: ["lexical"], scores: scores)
            let planned = (1...2).map {
                PlannedScore(Fixture.score($0, 0.5, epoch: 3, contest: 2, look: 2))
            }
            for score in planned { bench.tell(.resumed(score), at: "executed") }
            if fails {
                bench.tell(.failed(planned[0]), at: "executed")
            } else {
                bench.vote("executed", 0.5, 0.95, look: 2)
            }
            bench.tell(.explanations(bench.lineage.current(of: "lexical"), epoch: 4), at: "executed")
            #expect(bench.choices.map(\.outcome) == [fails ? .kept : .replaced])
        }
    }

    @Test func whatCannotBeDecidedIsNotWaitedFor() {
        let round = ScoringRound(epoch: 2, windowsFired: 200, recent: [], contest: Fixture.hash(2))
        let deadEnds: [(ScoreEvent, waits: Bool)] = [
            // The judge is away, or the budget spent.
            (.left([round]), false),
            (.left([ScoringRound(epoch: 2, windowsFired: 200, recent: [])]), true),
            (.stopping, false), (.closed, false), (.ended, true),
        ]
        for (event, waits) in deadEnds {
            var bench = bench()
            bench.vote("executed", 0.5, 0.52, look: 1)
            bench.tell(event, at: "judged")
            #expect(bench.prospects()[0] == (waits ? .wait : .nothing), "\(event)")
        }
    }

    @Test func aNodeThatNeverHeardOfAComparisonIsWaitedForUntilItsInputEnds() {
        var bench = Bench()
        let explanations = [Fixture.explanation(1), Fixture.challenger(2, of: 1)]
        bench.lineage.restore(
            explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [])
        for node in Self.nodes {
            bench.lineage.restore(scorer: Fixture.settings(node), reading: ["lexical"], scores: [])
        }
        bench.tell(.explanations(explanations, epoch: 2), at: "executed")
        bench.tell(.ended, at: "executed")
        #expect(bench.prospects() == [.wait, .nothing])
        bench.tell(.ended, at: "judged")
        #expect(bench.prospects() == [.nothing, .nothing])
    }

    @Test func aNodeWaitsForNoComparisonThatItHasNoPartIn() {
        var bench = Bench()
        let explanations = [Fixture.explanation(1), Fixture.challenger(2, of: 1)]
        bench.lineage.restore(
            explainer: "lexical", rule: ReexplanationRule(), explanations: explanations, choices: [])
        bench.lineage.restore(scorer: Fixture.settings("executed", latents: [7]), reading: ["lexical"], scores: [])
        bench.lineage.restore(scorer: Fixture.settings("judged"), reading: ["lexical"], scores: [])
        for node in Self.nodes { bench.tell(.explanations(explanations, epoch: 2), at: node) }
        #expect(bench.prospects() == [.nothing, .wait])
    }

    @Test func aNodeThatScoresNoExplanationsScoresWhatReplacedOnAllWindows() {
        var effects = begun { $0.scoresExplanations = false }
        effects.vote("executed", 0.5, 0.95, look: 1)
        #expect(effects.choices.map(\.outcome) == [.replaced])
        _ = effects.takeAsked("judged")
        effects.tell(.woken, at: "judged")
        #expect(effects.takeAsked("judged") == [[2]: .all])
    }

    // MARK: Cascades

    @Test func aCheaperHeadlineOfWhatReplacedIsWaitedForAndThatOfAComparisonSettlesNothing() {
        var gated = begun { $0.gate = CascadeGate(gates: ["executed"], below: 0.6, above: 0.8) }
        let scores = [
            Fixture.score(1, 0.5, epoch: 2, contest: 2), Fixture.score(2, 0.99, epoch: 2, contest: 2),
        ]
        gated.vote("executed", 0.5, 0.99, look: 1)
        #expect(gated.choices.map(\.outcome) == [.replaced])
        gated.tell(.cheaper(scores), at: "judged")
        #expect(gated.takeAsked("judged").isEmpty)
        // Its headline leaves it to the judge.
        gated.tell(.cheaper([Fixture.score(2, 0.7, epoch: 3, isReporting: true)]), at: "judged")
        #expect(gated.takeAsked("judged") == [[2]: .reporting])
    }
}
