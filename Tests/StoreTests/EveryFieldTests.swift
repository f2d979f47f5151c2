import Elements
import GRDB
import Testing

@testable import Store

/// Results of which every field says something: one that a table does not keep shows here.
@Suite struct EveryFieldTests {
    private static let basis = EvidenceBasis(windowsFired: 901, sample: 128, deciles: [0.5, 1.25, 3])

    private static var explanation: Explanation {
        var explanation = Fixture.explanation(1)
        explanation.provenance.basis = basis
        explanation.provenance.again = ExplainedAgain(standing: Fixture.hash(4), reason: .moved)
        explanation.parts = ExplanationParts(
            meanings: 1.9, clusters: 3, separation: 0.4, rest: 0.2,
            parts: [
                ExplanationPart(text: "one", predicate: #"{"anyOf":[]}"#, weight: 0.5, windows: 40, reach: 0.3),
                ExplanationPart(text: "two", predicate: "{}", weight: 0.3, windows: 30, reach: 0.2),
            ],
            tokens: [PartToken(text: "é\"", isFired: true, rarity: 0.1234, values: [0.5, 0.25])])
        return explanation
    }

    private static var score: Score {
        var score = Fixture.score(2, details: ["auroc": Estimate(value: 0.9, lower: 0.8, upper: 0.95, count: 50)])
        score.tokensCached = 32
        score.sequential = SequentialAccount(
            verdict: "interpretable", threshold: 0.75, asked: 35, available: 100, settledBy: "embedded")
        score.control = "shuffled"
        let figures = (0..<ScoreReplicates.count).map { Optional(Double($0 + 1) / 200) }
        let tier = TierScore(
            tier: .lexical, figure: score.headline, windows: 12, replicates: ScoreReplicates(parts: [figures]))
        score.replicates = ScoreReplicates(parts: [figures, figures])?.adding([tier])
        score.logits = YesLogits(positives: [1, 2], negatives: [-1], trainPositives: [3], trainNegatives: [0.5])
        score.round = ScoringRound(epoch: 3, windowsFired: 77, recent: [1, .max], contest: Fixture.hash(9), look: 2)
        return score
    }

    /// A score on the windows that no comparison looks at: its round is of none.
    private static var headline: Score {
        var score = Fixture.score(3)
        score.round = ScoringRound(epoch: 4, windowsFired: 78, recent: [2], isReporting: true)
        return score
    }

    private static var choice: Choice {
        Choice(
            challenger: Fixture.hash(6), standing: Fixture.hash(7), node: "lexical", coder: Fixture.coder, latent: 3,
            reason: .fallen, outcome: .kept,
            scores: [PairedScore(node: "executed", standing: 0.5, challenger: 0.75)], epoch: 9)
    }

    @Test func theFixturesLeaveNoFieldAtItsDefault() {
        #expect(silentFields(of: Self.explanation) == [])
        #expect(silentFields(of: Self.score) == ["round.reporting"])
        #expect(
            silentFields(of: Self.headline).filter { $0.hasPrefix("round") } == ["round.contest", "round.laterLook"])
        #expect(silentFields(of: Self.choice) == [])
    }

    @Test func aFieldThatIsNotSetIsNoticed() {
        #expect(
            silentFields(of: Fixture.score(2))
                == ["details", "tokensCached", "sequential", "control", "replicates", "logits", "round"])
        #expect(silentFields(of: Fixture.explanation(1)) == ["provenance.basis", "provenance.again", "parts"])
        let unnamed = PairedScore(node: "", standing: 0, challenger: nil)
        #expect(silentFields(of: unnamed) == ["node", "standing", "challenger", "error", "windows", "look"])
    }

    @Test func everyFieldOfAResultComesBack() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(explanations: [Self.explanation], scores: [Self.score, Self.headline], choices: [Self.choice])
        #expect(try store.explanations() == [Self.explanation])
        #expect(Set(try store.scores()) == [Self.score, Self.headline])
        #expect(try store.choices().map(\.choice) == [Self.choice])
    }

    /// A latent of one meaning has parts too, but none in the list; and parts that do not fit together are none.
    @Test func partsComeBackAsTheyAreOrNotAtAll() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        var explanation = Fixture.explanation(2)
        explanation.parts = .one
        try store.record(explanations: [explanation])
        #expect(try store.explanations() == [explanation])
        for damaged in ["", "{", #"{"meanings":1}"#] {
            try store.write { try $0.execute(sql: "UPDATE explanation SET parts = ?", arguments: [damaged]) }
            #expect(try store.explanations().map(\.parts) == [nil])
        }
    }
}

/// The stored properties, at any depth, that are `nil`, empty or zero, by their path.
private func silentFields(of value: Any, at path: String = "") -> [String] {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .struct, .tuple, .class:
        return mirror.children.flatMap { child in
            silentFields(of: child.value, at: [path, child.label ?? "?"].filter { !$0.isEmpty }.joined(separator: "."))
        }
    case .optional:
        guard let wrapped = mirror.children.first else { return [path] }
        return silentFields(of: wrapped.value, at: path)
    case .collection, .set, .dictionary:
        return mirror.children.isEmpty ? [path] : []
    default:
        return ["", "0", "0.0"].contains("\(value)") ? [path] : []
    }
}
