import Elements
import Testing

@testable import Lineage

@Suite struct ReplayTests {
    @Test func everyExplanationHasOneStandingWhateverTheOrder() {
        let explanations = [
            Fixture.explanation(1), Fixture.challenger(2, of: 1), Fixture.challenger(3, of: 2),
            Fixture.challenger(4, of: 2), Fixture.challenger(5, of: 2),
        ]
        let choices = [
            Fixture.choice(2, over: 1, .replaced), Fixture.choice(3, over: 2, .kept),
            Fixture.choice(4, over: 2, .confirmed),
        ]
        for incumbents in [
            Incumbents(explanations: explanations, choices: choices),
            Incumbents(explanations: explanations.reversed(), choices: choices.reversed()),
        ] {
            #expect(
                explanations.map { incumbents[$0.job] }
                    == [.replaced, .incumbent, .rejected, .rejected, .challenger])
            #expect(incumbents[Fixture.hash(77)] == nil && !incumbents.isPast(Fixture.hash(77)))
        }
    }

    @Test func aChainOfReplacementsLeavesTheLast() {
        let explanations = [Fixture.explanation(1)] + (2...5).map { Fixture.challenger($0, of: $0 - 1) }
        let choices = (2...5).map { Fixture.choice($0, over: $0 - 1, .replaced) }
        for choices in [choices, choices.reversed()] {
            let lineage = Lineage.replay(explanations: explanations, choices: choices)
            #expect(lineage.standing(among: explanations) == [explanations[4]])
            #expect(lineage.current(of: "lexical") == [explanations[4]])
        }
    }

    @Test func takingInLiveComesToWhatReplayComesTo() {
        let explanations = [Fixture.explanation(1), Fixture.challenger(2, of: 1)]
        var live = Incumbents()
        for explanation in explanations { live.add(explanation) }
        live.decide(Fixture.choice(2, over: 1, .replaced))
        #expect(live == Incumbents(explanations: explanations, choices: [Fixture.choice(2, over: 1, .replaced)]))
    }

    @Test func eachLatentCountsOnceByTheLatestScoreOfWhatStands() {
        let explanations = [
            Fixture.explanation(1), Fixture.challenger(2, of: 1), Fixture.challenger(3, of: 2),
            Fixture.challenger(4, of: 2),
        ]
        let choices = [Fixture.choice(2, over: 1, .replaced), Fixture.choice(3, over: 2, .kept)]
        let scores = [
            Fixture.score(1, 0.5, epoch: 9, number: 10), Fixture.score(2, 0.5, epoch: 7, number: 21),
            Fixture.score(2, 0.5, epoch: 4, number: 20), Fixture.score(3, 0.5, epoch: 9, number: 30),
            Fixture.score(4, 0.5, epoch: 9, number: 40),
            Fixture.score(2, 0.5, epoch: 5, node: "detected", number: 22),
            Fixture.score(1, 0.5, control: "shuffled", number: 50),
            Fixture.score(8, 0.5, control: "shuffled", node: "detected", number: 51),
        ]
        let lineage = Lineage.replay(explanations: explanations, choices: choices)
        #expect(lineage.latest(among: scores).map(\.job) == [21, 22, 50, 51].map { Fixture.hash($0) })
    }

    @Test func severalFirstExplanationsOfALatentAllStand() {
        // A file of explanations may give several for a latent.
        let given = [Fixture.explanation(1, node: "given"), Fixture.explanation(2, node: "given")]
        #expect(Lineage.replay(explanations: given, choices: []).standing(among: given) == given)
    }

    @Test func whatIsNotKnownIsNoHistory() {
        let lineage = Lineage.replay(explanations: [], choices: [])
        #expect(lineage.latest(among: [Fixture.score(7, 0.5)]).count == 1)
        #expect(lineage.standing(of: Fixture.hash(7), by: "lexical") == nil)
    }
}
