import Elements
import StateFixtures
import Testing

@testable import Daemon

@Suite struct ContestSheetTests {
    private func score(
        _ explanation: UInt64, _ value: Double?, epoch: UInt64, contest: UInt64? = nil, current: Double? = nil,
        control: String? = nil
    ) -> Score {
        func estimate(_ value: Double) -> Estimate {
            Estimate(value: value, lower: value - 0.1, upper: value + 0.05, count: 40)
        }
        let plain = Score(
            job: Fixture.hash(explanation * 100 + epoch), node: "executed", method: "execution", coder: Fixture.coder,
            latent: 3, explanation: Fixture.hash(explanation), explainedBy: "lexical", text: "dates",
            headline: value.map(estimate), details: current.map { ["current": estimate($0)] } ?? [:], judged: 40,
            failed: 0, tokensIn: 0, tokensOut: 0, control: control)
        return plain.noted(
            in: ScoringRound(
                epoch: epoch, windowsFired: 100 * epoch, recent: [], contest: contest.map { Fixture.hash($0) }))
    }

    @Test func aPartIsCompleteOnceBothAreScoredOnTheSameWindows() {
        var sheet = ContestSheet(node: "executed")
        let challenger = Fixture.explanation(2)
        #expect(sheet.note(score(1, 0.5, epoch: 4, contest: 2)).part == nil)
        // Scored by a process that was killed before it scored the other one.
        #expect(sheet.note(score(2, 0.9, epoch: 5, contest: 2)).part == nil)
        #expect(sheet.part(of: challenger) == nil)
        let part = sheet.note(score(1, 0.6, epoch: 5, contest: 2)).part
        #expect(part?.scores == PairedScore(node: "executed", standing: 0.6, challenger: 0.9))
        #expect(part?.epoch == 5 && part?.challenger == challenger.job && part?.explainedBy == "lexical")
        #expect(sheet.part(of: challenger) == part)
    }

    @Test func aRestartFindsTheSamePart() {
        let scores = [
            score(1, 0.7, epoch: 1), score(1, 0.6, epoch: 5, contest: 2), score(2, nil, epoch: 5, contest: 2),
        ]
        let sheet = ContestSheet(node: "executed", scores: scores.reversed())
        #expect(
            sheet.part(of: Fixture.explanation(2))?.scores
                == PairedScore(node: "executed", standing: 0.6, challenger: nil))
    }

    @Test func aCurrentScoreFallsOutOfTheIntervalOfTheFirst() {
        var sheet = ContestSheet(node: "executed")
        #expect(sheet.note(score(1, 0.9, epoch: 1, current: 0.2)).fall == nil)
        #expect(sheet.note(score(1, 0.88, epoch: 2, current: 0.85)).fall?.isFallen == false)
        #expect(sheet.note(score(1, 0.85, epoch: 3, current: 0.6)).fall?.isFallen == true)
        #expect(sheet.note(score(1, 0.85, epoch: 3, current: 0.6, control: "shuffled")).fall == nil)
        // Another explanation has an interval of its own.
        #expect(sheet.note(score(2, 0.6, epoch: 4, current: 0.1)).fall == nil)
        #expect(sheet.note(score(1, 0.85, epoch: 5, current: 0.88)).fall?.isFallen == false)
    }

    @Test func whatHadFallenIsKnownAfterARestart() {
        let scores = [score(1, 0.9, epoch: 1), score(1, 0.8, epoch: 2, current: 0.5)]
        #expect(ContestSheet(node: "executed", scores: scores.reversed()).falls.map(\.explanation) == [Fixture.hash(1)])
        let recovered = scores + [score(1, 0.8, epoch: 3, current: 0.9)]
        #expect(ContestSheet(node: "executed", scores: recovered).falls.isEmpty)
    }
}
