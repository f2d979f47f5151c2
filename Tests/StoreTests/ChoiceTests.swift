import Elements
import Foundation
import Testing

@testable import Store

@Suite struct ChoiceTests {
    @Test func aChoiceIsKeptOnceWithItsEventAndMessage() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let target = OutboxTarget(sink: "out", topic: "results")
        #expect(try store.record(choices: [Fixture.choice(2)], sinks: { _ in [target] }) == 1)
        // Whatever a second one says, the first was acted upon.
        #expect(try store.record(choices: [Fixture.choice(2, outcome: .kept)], sinks: { _ in [target] }) == 0)
        #expect(try store.choices().map(\.choice) == [Fixture.choice(2)])
        #expect(try store.choices(of: "prose").isEmpty)
        #expect(try store.choices(of: "lexical", latent: LatentKey(coder: "codes", latent: 3)).count == 1)
        #expect(try store.choices(latent: LatentKey(coder: "codes", latent: 4)).isEmpty)
        let events = try store.events(after: 0, limit: 10)
        #expect(events.map(\.type) == [.choice])
        #expect(try store.pendingOutbox(limit: 10).map(\.dedupe) == ["out/choice/\(Fixture.hash(2))"])
        #expect(
            events.first?.json == """
                {"v":1,"ts":"\(Fixture.timeText)","type":"choice","node":"lexical","coder":"codes",\
                "hookpoint":"layers.10","latent":3,"reason":"fallen","outcome":"replaced",\
                "standing":"\(Fixture.hash(1))","challenger":"\(Fixture.hash(2))","scores":[\
                {"node":"executed","standing":0.5,"challenger":0.75},\
                {"node":"detected","standing":null,"challenger":null}],"epoch":9}
                """)
    }

    @Test func whatAnExplanationRestsOnAndWhatItChallengesComeBack() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        var first = Fixture.explanation(1)
        first.provenance.basis = EvidenceBasis(
            windowsFired: .max, sample: 128, deciles: (0...10).map { Float($0) * 0.37 })
        var second = Fixture.explanation(2)
        second.provenance.basis = EvidenceBasis(windowsFired: 4, sample: 0, deciles: [])
        second.provenance.again = ExplainedAgain(standing: first.job, reason: .moved)
        try store.record(explanations: [first, second, Fixture.explanation(3)])
        #expect(try store.explanations() == [first, second, Fixture.explanation(3)])
        let dated = try store.datedExplanations(of: LatentKey(coder: "codes", latent: 2))
        #expect(dated == [DatedExplanation(explanation: second, made: Fixture.time)])
    }

    @Test func theRoundOfAScoreComesBack() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let round = ScoringRound(epoch: .max, windowsFired: 77, recent: [0, 1, .max], contest: Fixture.hash(9))
        let plain = Fixture.score(1)
        let scores = [
            plain, plain.noted(in: round),
            Fixture.score(2).noted(in: ScoringRound(epoch: 1, windowsFired: 2, recent: [])),
        ]
        try store.record(scores: scores)
        #expect(Set(try store.scores()) == Set(scores))
        #expect(scores[1].job != plain.job && scores[2].job == Fixture.score(2).job)
    }
}
