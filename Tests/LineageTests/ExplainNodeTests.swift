import Elements
import Testing

@testable import Lineage

@Suite struct ExplainNodeTests {
    private func node(_ explanations: [Explanation] = [], _ choices: [Choice] = []) -> ExplainNode {
        var node = ExplainNode(rule: ReexplanationRule(), explanations: explanations, choices: choices)
        node.register("executed", latents: [3])
        node.register("detected", latents: [3, 4])
        node.register("elsewhere", latents: [9])
        return node
    }

    private func pair(_ node: String, _ standing: Double?, _ challenger: Double?, look: Int = 1) -> PairedScore {
        PairedScore(node: node, standing: standing, challenger: challenger, error: 0.01, windows: 40, look: look)
    }

    private func vote(_ scores: PairedScore, on challenger: Explanation, epoch: UInt64) -> Vote {
        Vote(explainedBy: "lexical", latent: 3, challenger: challenger.job, epoch: epoch, scores: scores)
    }

    @Test func aChallengerStandsOnceEveryNodeHasSpokenAndItIsBetter() {
        var node = self.node()
        let (first, second) = (Fixture.explanation(1), Fixture.challenger(2, of: 1))
        #expect(node.admit(first) == nil && node.admit(second) == nil)
        #expect(node.current == [first, second])
        #expect(node.comparison(of: second)?.incumbent == first)
        #expect(node.report(vote(pair("executed", 0.5, 0.9), on: second, epoch: 5)) == nil)
        #expect(node.stands(first))
        // A node that speaks twice has one voice.
        #expect(node.report(vote(pair("executed", 0.9, 0.1), on: second, epoch: 5)) == nil)
        let decision = node.report(vote(pair("detected", 0.75, 0.7), on: second, epoch: 6))
        let choice = decision?.choice
        #expect(choice?.outcome == .replaced && choice?.epoch == 6 && choice?.reason == .grown)
        #expect(choice?.scores == [pair("detected", 0.75, 0.7), pair("executed", 0.5, 0.9)])
        #expect(node.stands(second) && node.current == [second])
        #expect(decision?.replacement == Replacement(old: first.job, new: second))
        #expect(node.report(vote(pair("detected", 0.1, 0.2), on: second, epoch: 7)) == nil)
    }

    @Test func aChallengerThatIsNotBetterIsHistory() {
        var node = self.node([Fixture.explanation(1)])
        let second = Fixture.challenger(2, of: 1)
        #expect(node.admit(second) == nil)
        _ = node.report(vote(pair("executed", nil, nil), on: second, epoch: 2))
        let decision = node.report(vote(pair("detected", 0.7, 0.6), on: second, epoch: 2))
        #expect(decision?.choice.outcome == .kept && node.stands(Fixture.explanation(1)))
        #expect(decision?.replacement == nil && node.incumbents[second.job] == .rejected)
        // The evidence counts as explained from, though what stands is older.
        #expect(node.outlook.candidates.map(\.past.basis.windowsFired) == [200])
        #expect(
            node.outlook.candidates.first?.past.wasReexplained == true
                && node.outlook.candidates.first?.incumbent == Fixture.hash(1))
    }

    @Test func whatALookDoesNotTellTheNextMay() {
        var node = self.node([Fixture.explanation(1)])
        let second = Fixture.challenger(2, of: 1)
        #expect(node.admit(second) == nil && node.comparison(ofLatent: 3)?.look == 1)
        _ = node.report(vote(pair("executed", 0.5, 0.51), on: second, epoch: 2))
        #expect(node.report(vote(pair("detected", 0.7, 0.7), on: second, epoch: 2)) == nil)
        #expect(node.comparison(ofLatent: 3)?.look == 2 && node.stands(Fixture.explanation(1)))
        // What comes late of the look before counts for nothing.
        #expect(node.report(vote(pair("executed", 0.1, 0.9), on: second, epoch: 2)) == nil)
        _ = node.report(vote(pair("executed", 0.5, 0.8, look: 2), on: second, epoch: 3))
        let choice = node.report(vote(pair("detected", 0.7, 0.9, look: 2), on: second, epoch: 3))?.choice
        #expect(choice?.outcome == .replaced && choice?.scores.map(\.look) == [1, 1, 2, 2])
        #expect(node.stands(second) && node.comparison(ofLatent: 3) == nil)
        #expect(node.incumbents.wasCompared(second.job) && node.incumbents.wasCompared(Fixture.hash(1)))
    }

    @Test func theSameTextNeedsNoComparison() {
        var node = self.node([Fixture.explanation(1, text: "dates")])
        let choice = node.admit(Fixture.challenger(2, of: 1, text: "dates"))?.choice
        #expect(choice?.outcome == .confirmed && choice?.scores == [])
        #expect(node.stands(Fixture.explanation(1)) && node.outlook.candidates.map(\.past.basis.windowsFired) == [200])
    }

    @Test func aLatentHasOneChallengerAtATime() {
        var node = self.node([Fixture.explanation(1)])
        #expect(node.outlook.candidates.map(\.latent) == [3])
        node.ask(3)
        #expect(node.outlook.candidates.isEmpty)
        #expect(node.admit(Fixture.challenger(2, of: 1)) == nil)
        #expect(node.outlook.candidates.isEmpty)
        #expect(node.admit(Fixture.challenger(4, of: 1))?.choice.outcome == .kept)
        #expect(node.comparison(of: Fixture.challenger(2, of: 1)) != nil)
        #expect(node.comparison(of: Fixture.challenger(4, of: 1)) == nil)
    }

    @Test func withoutANodeToCompareByNothingIsExplainedAgain() {
        var node = ExplainNode(
            rule: ReexplanationRule(), explanations: [Fixture.explanation(1), Fixture.explanation(5, latent: 4)])
        #expect(node.outlook.candidates.isEmpty)
        node.register("detected", latents: [4])
        #expect(node.outlook.candidates.map(\.latent) == [4])
        // One asked for while there was a node, and made after it had gone.
        #expect(node.admit(Fixture.challenger(2, of: 1))?.choice.outcome == .kept)
    }

    @Test func driftCountsUntilTheLatentIsExplainedAgain() {
        var node = self.node([Fixture.explanation(1)])
        node.noteDrift(of: Fixture.hash(77), latent: 3, hasDrifted: true)
        #expect(node.outlook.candidates.first?.past.hasDrifted == false)
        node.noteDrift(of: Fixture.hash(1), latent: 3, hasDrifted: true)
        #expect(node.outlook.candidates.first?.past.hasDrifted == true)
        node.ask(3)
        node.noteNothing(of: 3, basis: EvidenceBasis(windowsFired: 120, sample: 0, deciles: []))
        #expect(node.outlook.candidates.first?.past.hasDrifted == false)
        #expect(node.outlook.candidates.first?.past.basis.windowsFired == 120)
    }

    @Test(arguments: [(epoch: UInt64(1), counts: false), (2, false), (3, true)])
    func driftThatWasForgottenDoesNotComeBackWithARestart(epoch: UInt64, counts: Bool) {
        let again = Fixture.challenger(2, of: 1, epoch: 2)
        let kept = Choice(
            challenger: again.job, standing: Fixture.hash(1), node: again.node, coder: again.coder, latent: 3,
            reason: .fallen, outcome: .kept, scores: [], epoch: 2)
        var node = ExplainNode(
            rule: ReexplanationRule(), explanations: [Fixture.explanation(1), again], choices: [kept])
        node.register("detected", latents: [3])
        node.restore(
            Drift(explainedBy: again.node, latent: 3, explanation: Fixture.hash(1), epoch: epoch, hasDrifted: true))
        #expect(node.outlook.candidates.map(\.past.hasDrifted) == [counts])
    }

    /// Restoring the node after any step from what is stored by then leads to the same end.
    @Test func aNodeRestoredAnywhereGoesOnFromTheSameState() {
        let steps = (2...6).map { Fixture.challenger($0, of: $0 == 2 ? 1 : 2) }
        func run(reopening: Int) -> (choices: [Choice], current: [Explanation], candidates: [ExplainOutlook.Candidate])
        {
            var explanations = [Fixture.explanation(1)]
            var choices: [Choice] = []
            var live = node(explanations)
            var step = 0
            func reopen() {
                step += 1
                if step == reopening { live = node(explanations, choices) }
            }
            for challenger in steps {
                explanations.append(challenger)
                if let choice = live.admit(challenger)?.choice { choices.append(choice) }
                reopen()
                // The scores are on disk: after a restart each node reports what it had found once more.
                for scorer in ["detected", "executed"] {
                    let found = pair(scorer, 0.5, challenger.job == Fixture.hash(2) ? 0.75 : 0.25)
                    for name in ["detected", "executed"] where name <= scorer {
                        let again = name == scorer ? found : pair(name, 0.5, found.challenger)
                        if let choice = live.report(vote(again, on: challenger, epoch: 9))?.choice {
                            choices.append(choice)
                        }
                    }
                    reopen()
                }
            }
            return (choices, live.current, live.outlook.candidates)
        }
        let whole = run(reopening: 0)
        #expect(whole.choices.map(\.outcome) == [.replaced, .kept, .kept, .kept, .kept])
        for reopening in 1...15 {
            let other = run(reopening: reopening)
            #expect(other.choices == whole.choices && other.current == whole.current)
            #expect(other.candidates == whole.candidates)
        }
    }
}
