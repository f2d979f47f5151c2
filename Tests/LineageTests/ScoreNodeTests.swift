import Elements
import Testing

@testable import Lineage

@Suite struct ScoreNodeTests {
    private func explanation(_ latent: Int, node: String = "lexical", text: String? = nil) -> Explanation {
        Fixture.explanation(UInt64(latent) + 1000, latent: latent, text: text ?? "label \(latent)", node: node)
    }

    private func node(limit: Int = .max, scores: [Score] = []) -> ScoreNode {
        var settings = Fixture.settings()
        settings.controls = limit
        return ScoreNode(settings, scores: scores)
    }

    private func planned(_ explanation: Explanation, round: ScoringRound? = nil) -> PlannedScore {
        PlannedScore(
            explanation: explanation.job, explainedBy: explanation.node, latent: explanation.latent, control: nil,
            round: round)
    }

    /// Takes latents in and notes them as scored.
    private func score(_ latents: Range<Int>, in node: inout ScoreNode) {
        for explanation in node.take(latents.map { explanation($0) }) { node.note(planned(explanation)) }
    }

    @Test func anExplanationIsScoredOnceAndOnlyIfItsLatentIsTaken() {
        var node = node()
        #expect(node.take([explanation(1), explanation(60), explanation(2)]).map(\.latent) == [1, 2])
        #expect(node.take([explanation(1), explanation(3)]).map(\.latent) == [3])
        #expect(node.coverage == ScoreCoverage(explained: [1, 2, 3], scorable: []))
    }

    /// The controls that are owed once all explanations have come.
    private func controls(_ node: inout ScoreNode) -> [ScoreRequest] {
        node.settle(nil)
        return node.controls()
    }

    @Test func controlsAreOwedOnceForEveryLatentThatCouldBeScored() {
        var node = node()
        #expect(controls(&node).isEmpty)
        score(0..<20, in: &node)
        _ = node.take([explanation(30)])
        #expect(node.controls().isEmpty)
        let controls = controls(&node)
        #expect(Set(controls.map(\.own.latent)) == Set(0..<20))
        #expect(controls.allSatisfy { $0.own.latent != $0.explanation.latent && $0.control == "shuffled" })
        #expect(self.controls(&node).isEmpty)
        score(20..<25, in: &node)
        #expect(Set(self.controls(&node).map(\.own.latent)) == Set(20..<25))
    }

    @Test func aLimitTakesTheSameLatentsWhateverTheOrder() {
        var (first, second) = (node(limit: 5), node(limit: 5))
        score(0..<20, in: &first)
        score(10..<20, in: &second)
        score(0..<10, in: &second)
        let controls = controls(&first)
        #expect(controls.count == 5 && self.controls(&second) == controls)
    }

    @Test func afterARestartWhatIsMissingIsMadeAsItWouldHaveBeen() {
        var whole = node()
        score(0..<10, in: &whole)
        let all = controls(&whole)
        // What a run left that was killed after three controls.
        var scores = (0..<10).map { Fixture.score(UInt64($0) + 1000, 0.5, latent: $0) }
        scores += all.prefix(3).map { request in
            Score(
                job: Fixture.hash(UInt64(request.own.latent) + 5000), node: "executed", method: "detection",
                coder: Fixture.coder, latent: request.own.latent, explanation: request.explanation.job,
                explainedBy: "lexical", text: "", headline: nil, details: [:], judged: 0, failed: 0, tokensIn: 0,
                tokensOut: 0, control: "shuffled")
        }
        var resumed = node(scores: scores)
        _ = resumed.take((0..<10).map { explanation($0) })
        #expect(controls(&resumed) == Array(all.dropFirst(3)))
    }

    @Test func explainersAreShuffledEachAmongItsOwn() {
        var node = node()
        score(0..<5, in: &node)
        for explanation in node.take((0..<5).map { explanation($0, node: "prose") }) { node.note(planned(explanation)) }
        #expect(controls(&node).allSatisfy { $0.own.node == $0.explanation.node })
    }

    @Test func whatHasNoTextIsScoredIfLatentsThemselvesAreTheTopic() {
        let silent = (0..<6).map { explanation($0, node: "none", text: "") }
        var texts = node()
        #expect(texts.take(silent).isEmpty)
        var settings = ScoreNodeSettings(node: "intruded", latents: Set(0..<50), seed: 1, control: "silent")
        settings.controls = 4
        settings.scoresExplanations = false
        settings.pairing = .itself
        var latents = ScoreNode(settings)
        #expect(latents.take(silent) == silent)
        for explanation in silent { latents.note(planned(explanation)) }
        let controls = controls(&latents)
        #expect(controls.count == 4 && controls.allSatisfy { $0.own == $0.explanation && $0.control == "silent" })
        #expect(Set(controls.map(\.own.latent)).count == 4 && self.controls(&latents).isEmpty)
    }

    @Test func whatIsReplacedIsNoLongerScoredAgainButWhatReplacesItIs() throws {
        var settings = Fixture.settings()
        settings.rounds = RoundRule(rescore: 2, recent: false)
        var node = ScoreNode(settings)
        let round = ScoringRound(epoch: 1, windowsFired: 100, recent: [])
        let (old, new) = (Fixture.explanation(1), Fixture.challenger(2, of: 1))
        for explanation in node.take([old]) { node.note(planned(explanation, round: round)) }
        node.replace(Replacement(old: old.job, new: new))
        #expect(node.follow().fresh == [new] && node.follow().all.isEmpty)
        node.note(planned(new, round: round))
        let found = node.outlook(on: 2, of: "lexical")
        let outlook = try #require(found)
        #expect(outlook.candidates.map(\.explanation) == [new])
    }

    @Test func aReplacementWaitsUntilTheNodeHasHeardOfTheExplainer() {
        var node = node()
        let new = Fixture.challenger(2, of: 1)
        node.replace(Replacement(old: Fixture.hash(1), new: new))
        #expect(node.follow().fresh.isEmpty)
        _ = node.take([Fixture.explanation(7, latent: 7)])
        #expect(node.follow().fresh == [new])
    }

    @Test func doubledEvidenceIsScoredAgainAndEachEpochIsAskedAboutOnce() throws {
        var settings = Fixture.settings()
        settings.rounds = RoundRule(rescore: 2, recent: false)
        var node = ScoreNode(settings)
        let (slow, fast) = (Fixture.explanation(1, latent: 1), Fixture.explanation(2, latent: 2))
        for explanation in node.take([slow, fast]) {
            node.note(planned(explanation, round: ScoringRound(epoch: 1, windowsFired: 100, recent: [])))
        }
        let view = CountedView { $0 == 2 ? 200 : 199 }
        let found = node.outlook(on: 2, of: "lexical")
        let outlook = try #require(found)
        let due = node.look(outlook.findings(on: EvidenceUpdate(view: view, epoch: 2, isCaughtUp: true)))
        #expect(due == [ScoreRequest(fast)])
        #expect(node.outlook(on: 2, of: "lexical") == nil && node.outlook(on: 1, of: "lexical") == nil)
        // A round counts whether or not a score came of it.
        node.attempt(due.map { $0.founded(on: EvidenceUpdate(view: view, epoch: 2, isCaughtUp: true)) })
        let later = node.outlook(on: 3, of: "lexical")
        let next = try #require(later)
        #expect(next.findings(on: EvidenceUpdate(view: view, epoch: 3, isCaughtUp: true)).due.isEmpty)
    }

    @Test func recentWindowsAreLookedAtOnlyNowAndThen() throws {
        var settings = Fixture.settings()
        settings.rounds = RoundRule(rescore: 0, recent: true)
        var node = ScoreNode(settings)
        for explanation in node.take([Fixture.explanation(1)]) {
            node.note(planned(explanation, round: ScoringRound(epoch: 1, windowsFired: 100, recent: [])))
        }
        func looks(at epoch: UInt64, fired: UInt64) throws -> Bool {
            let found = node.outlook(on: epoch, of: "lexical")
            let outlook = try #require(found)
            let update = EvidenceUpdate(view: CountedView { _ in fired }, epoch: epoch, isCaughtUp: true)
            let findings = outlook.findings(on: update)
            _ = node.look(findings)
            return !findings.looks.isEmpty
        }
        #expect(try looks(at: 2, fired: 200))
        #expect(try !looks(at: 3, fired: 249))
        #expect(try looks(at: 4, fired: 250))
        #expect(try !looks(at: 67, fired: 251))
        #expect(try looks(at: 68, fired: 251))
    }
}
