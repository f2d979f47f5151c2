import Elements
import Testing

@testable import Lineage

@Suite struct ComparisonVotesTests {
    private func votes() -> ComparisonVotes { ComparisonVotes(node: "executed", noticesDrift: true) }

    @Test func aVoteIsCompleteOnceBothAreScoredOnTheSameWindows() {
        var votes = votes()
        let challenger = Fixture.explanation(2)
        #expect(votes.note(Fixture.score(1, 0.5, epoch: 4, contest: 2)).vote == nil)
        // Scored by a process that was killed before it scored the other one.
        #expect(votes.note(Fixture.score(2, 0.9, epoch: 5, contest: 2)).vote == nil)
        #expect(votes.vote(on: challenger) == nil)
        let vote = votes.note(Fixture.score(1, 0.6, epoch: 5, contest: 2)).vote
        #expect(vote?.scores.node == "executed" && vote?.scores.standing == 0.6 && vote?.scores.challenger == 0.9)
        // Without documents each has windows of its own: (0.15 / 3.92)² twice, and 2 · 0.3² / 40.
        let variance = 2 * (0.15 / 3.919927969080108) * (0.15 / 3.919927969080108) + 0.0045
        #expect(abs((vote?.scores.error ?? 0) - variance.squareRoot()) < 1e-12)
        #expect(vote?.scores.windows == 40 && vote?.look == 1)
        #expect(vote?.epoch == 5 && vote?.challenger == challenger.job && vote?.explainedBy == "lexical")
        #expect(votes.vote(on: challenger) == vote)
    }

    @Test func aRestartFindsTheSameVote() {
        let scores = [
            Fixture.score(1, 0.7, epoch: 1), Fixture.score(1, 0.6, epoch: 5, contest: 2),
            Fixture.score(2, nil, epoch: 5, contest: 2),
        ]
        var votes = votes()
        #expect(votes.restore(scores.reversed()).isEmpty)
        #expect(
            votes.vote(on: Fixture.explanation(2))?.scores
                == PairedScore(node: "executed", standing: 0.6, challenger: nil, look: 1))
    }

    @Test func eachLookHasAVoteOfItsOwn() {
        var votes = votes()
        for (look, value) in [(2, 0.8), (1, 0.7)] {
            _ = votes.note(Fixture.score(1, 0.5, epoch: 5, contest: 2, look: look))
            #expect(votes.note(Fixture.score(2, value, epoch: 5, contest: 2, look: look)).vote?.look == look)
        }
        #expect(votes.vote(on: Fixture.explanation(2), look: 1)?.scores.challenger == 0.7)
        #expect(votes.vote(on: Fixture.explanation(2), look: 2)?.scores.challenger == 0.8)
        #expect(votes.vote(on: Fixture.explanation(2), look: 3) == nil)
    }

    @Test func aPartOfTheWindowsIsNothingToDriftFrom() {
        var votes = votes()
        _ = votes.note(Fixture.score(1, 0.9, epoch: 1, contest: 2))
        #expect(votes.note(Fixture.score(1, 0.6, epoch: 2, current: 0.5)).drift == nil)
        #expect(votes.note(Fixture.score(1, 0.6, epoch: 3, current: 0.3)).drift?.hasDrifted == true)
    }

    @Test func theEarliestOfSeveralCompleteComparisonsCounts() {
        var votes = votes()
        for (epoch, value) in [(6, 0.1), (5, 0.9)] as [(UInt64, Double)] {
            _ = votes.note(Fixture.score(1, 0.5, epoch: epoch, contest: 2))
            _ = votes.note(Fixture.score(2, value, epoch: epoch, contest: 2))
        }
        #expect(votes.vote(on: Fixture.explanation(2))?.scores.challenger == 0.9)
    }

    @Test func aComparisonThatIsOverIsForgotten() {
        var votes = votes()
        for challenger in [2, 3] as [UInt64] {
            _ = votes.note(Fixture.score(1, 0.5, epoch: 4, contest: challenger))
            _ = votes.note(Fixture.score(challenger, 0.9, epoch: 4, contest: challenger))
        }
        votes.forget(Fixture.hash(2))
        #expect(votes.vote(on: Fixture.explanation(2)) == nil && votes.vote(on: Fixture.explanation(3)) != nil)
        votes.forget { _ in false }
        #expect(votes.vote(on: Fixture.explanation(3)) == nil)
    }

    @Test func aCurrentScoreDriftsOutOfTheIntervalOfTheFirst() {
        var votes = votes()
        #expect(votes.note(Fixture.score(1, 0.9, epoch: 1, current: 0.2)).drift == nil)
        #expect(votes.note(Fixture.score(1, 0.88, epoch: 2, current: 0.85)).drift?.hasDrifted == false)
        #expect(votes.note(Fixture.score(1, 0.85, epoch: 3, current: 0.6)).drift?.hasDrifted == true)
        #expect(votes.note(Fixture.score(1, 0.85, epoch: 3, current: 0.6, control: "shuffled")).drift == nil)
        // Another explanation has an interval of its own.
        #expect(votes.note(Fixture.score(2, 0.6, epoch: 4, current: 0.1)).drift == nil)
        #expect(votes.note(Fixture.score(1, 0.85, epoch: 5, current: 0.88)).drift?.hasDrifted == false)
    }

    @Test func whatSaysNothingOfAnExplanationNoticesNoDrift() {
        var votes = ComparisonVotes(node: "intruded", noticesDrift: false)
        _ = votes.note(Fixture.score(1, 0.9, epoch: 1))
        #expect(votes.note(Fixture.score(1, 0.85, epoch: 3, current: 0.1)).drift == nil)
    }

    @Test func whatHadDriftedIsKnownAfterARestart() {
        let scores = [Fixture.score(1, 0.9, epoch: 1), Fixture.score(1, 0.8, epoch: 2, current: 0.5)]
        var (drifted, recovered) = (votes(), votes())
        #expect(drifted.restore(scores.reversed()).map(\.explanation) == [Fixture.hash(1)])
        #expect(recovered.restore(scores + [Fixture.score(1, 0.8, epoch: 3, current: 0.9)]).isEmpty)
    }
}
