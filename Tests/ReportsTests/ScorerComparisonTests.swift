import Elements
import Foundation
import StateFixtures
import Testing

@testable import Reports

@Suite struct ScorerComparisonTests {
    private func comparisons(_ scores: [Score]) -> [ScorerComparison] {
        ScorerComparison.all(of: ScoreSummary.summaries(of: scores).map { ($0.name, $0) })
    }

    private func scores(_ values: [Int: Double], node: String, explainedBy: String = "prose") -> [Score] {
        values.sorted { $0.key < $1.key }.map { Fixture.score($0.key, $0.value, node: node, explainedBy: explainedBy) }
    }

    @Test func aPairIsComparedOverTheLatentsThatBothHaveScored() throws {
        let all =
            scores([1: 0.1, 2: 0.4, 3: 0.2, 4: 0.9, 5: 0.8], node: "a")
            + scores([2: 0.5, 3: 0.3, 4: 0.6, 5: 0.7, 6: 1], node: "b") + scores([1: 0.5, 2: 0.5], node: "c")
        let pairs = comparisons(all)
        // Two latents in common are too few to say anything.
        #expect(pairs.count == 1)
        let pair = try #require(pairs.first)
        #expect(pair.scorers == ("a(prose)", "b(prose)") && pair.latents == 4 && pair.isOfSameExplanations)
        // Ranks 2 1 4 3 and 2 1 3 4: 1 - 6 * 2 / (4 * 15).
        #expect(abs(try #require(pair.spearman) - 0.8) < 1e-12)
        // Deviations -.175 -.375 .325 .225 and -.025 -.225 .075 .175.
        #expect(abs(try #require(pair.pearson) - 0.1525 / (0.3275 * 0.0875).squareRoot()) < 1e-12)
    }

    @Test func explanationsByTwoExplainersAreComparedByLatent() throws {
        let pairs = comparisons(
            scores([1: 0.1, 2: 0.4, 3: 0.2], node: "a")
                + scores([1: 0.3, 2: 0.2, 3: 0.1], node: "a", explainedBy: "lexical"))
        #expect(pairs.map(\.isOfSameExplanations) == [false] && pairs.map(\.latents) == [3])
        #expect(pairs.first?.scorers.0 == "a(prose)" && pairs.first?.scorers.1 == "a(lexical)")
    }

    @Test func scoresOfAnotherRoundsExplanationAreNotOfTheSame() {
        // One scorer has not yet come to the latents' new explanations.
        let newer = scores([1: 0.3, 2: 0.2, 3: 0.1], node: "b").map { score in
            score.with { $0.explanation = Fixture.hash(900 + UInt64($0.latent)) }
        }
        #expect(comparisons(scores([1: 0.1, 2: 0.4, 3: 0.2], node: "a") + newer).isEmpty)
    }

    @Test func scorersOfTwoCodersAreNeverCompared() {
        let other = CoderIdentity(name: "deep", hookpoint: "layers.20", latents: 9, digest: Fixture.hash(9))
        #expect(
            comparisons(
                scores([1: 0.1, 2: 0.4, 3: 0.2], node: "a")
                    + (1...3).map { Fixture.score($0, Double($0) / 10, node: "d", coder: other) }
            ).isEmpty)
    }

    @Test func aConstantScorerHasNoCorrelation() throws {
        let pair = try #require(
            comparisons(scores([1: 0.1, 2: 0.4, 3: 0.2], node: "a") + scores([1: 0.5, 2: 0.5, 3: 0.5], node: "b")).first
        )
        #expect(pair.spearman == nil && pair.pearson == nil && pair.latents == 3)
        let figures = CorrelationFigures.byName([pair])
        #expect(
            String(decoding: try JSONEncoder().encode(figures.mapValues(\.latents)), as: UTF8.self)
                == #"{"a(prose) ~ b(prose)":3}"#)
    }

    @Test func pairsComeInTheOrderOfTheSummaries() {
        let values = [1: 0.1, 2: 0.4, 3: 0.2]
        let pairs = comparisons(["z", "a", "m"].flatMap { scores(values, node: $0) })
        #expect(pairs.map { [$0.scorers.0.first, $0.scorers.1.first] } == [["z", "a"], ["z", "m"], ["a", "m"]])
    }
}
