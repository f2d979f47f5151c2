import Elements
import Testing

@testable import Lineage

@Suite struct JobPriorityTests {
    /// Latents in the order of a rule.
    private func order(
        _ rule: JobPriority.Rule, seed: UInt64 = 0, _ latents: [(latent: Int, mass: Double, score: Double?)]
    ) -> [Int] {
        let priority = JobPriority(rule, seed: seed)
        return priority.sorted(
            latents, latent: \.latent,
            worth: { priority.worth(of: $0.latent, firingMass: $0.mass, score: $0.score) }
        ).map(\.latent)
    }

    private let latents: [(latent: Int, mass: Double, score: Double?)] = [
        (7, 5, 0.9), (2, 5, nil), (3, 900_000_001, nil), (9, 0, 0.2), (4, 900_000_000, 0.2), (1, 80, -0.5),
    ]

    @Test func theLargestFiringMassComesFirstOrLastAndEqualsByLatent() {
        #expect(order(.firing, latents) == [3, 4, 1, 2, 7, 9])
        #expect(order(.rarest, latents) == [9, 2, 7, 1, 4, 3])
    }

    @Test func theLowestScoreComesFirstAndWhatHasNoneAfterThatByFiringMass() {
        #expect(order(.worst, latents) == [1, 4, 9, 7, 3, 2])
    }

    @Test func chanceFollowsTheSeedAndNothingElse() {
        let many = (0..<200).map { (latent: $0, mass: Double($0), score: nil as Double?) }
        let first = order(.random, seed: 1, many)
        #expect(first == order(.random, seed: 1, many.reversed()))
        #expect(first != order(.random, seed: 2, many) && first != Array(0..<200))
        #expect(first.sorted() == Array(0..<200))
    }

    @Test func whatIsNoNumberCountsAsNothing() {
        #expect(order(.firing, [(2, .nan, nil), (1, -.infinity, nil), (5, 1, nil)]) == [5, 1, 2])
    }

    @Test func itemsOfOneLatentKeepTheirOrder() {
        let items = [(1, "c"), (1, "a"), (0, "z"), (1, "b")]
        #expect(JobPriority().sorted(items, latent: \.0, worth: { _ in 1 }).map(\.1) == ["z", "c", "a", "b"])
    }
}

@Suite struct FiringSelectionTests {
    /// Evidence in which latents have these masses, each in enough windows but those that are named.
    private struct MassView: EvidenceView {
        let masses: [Double]
        var rare: Set<Int> = []
        let coder = Fixture.coder
        let totals = StreamTotals()
        let digest = Fixture.hash(9)
        let pool: [PoolWindow] = []

        func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }

        func evidence(of latent: Int) -> LatentEvidence {
            let windows: UInt64 = rare.contains(latent) ? 1 : 50
            let statistics = LatentStatistics(
                tokensFired: windows, windowsFired: windows, sum: masses[latent], sumOfSquares: 0, maximum: 0,
                histogram: [])
            return LatentEvidence(latent: latent, statistics: statistics, train: [], top: [], test: [], recent: [])
        }
    }

    private func chosen(_ node: ExplainNode, _ view: MassView, limit: Int?) -> [Int] {
        node.outlook.findings(on: view, latents: [0, 1, 2, 3, 4], minimumExamples: 10, limit: limit).requests
            .map(\.latent)
    }

    @Test func thoseOfTheLargestMassAreChosenAmongThoseThatCanBeExplained() {
        let node = ExplainNode(rule: ReexplanationRule())
        let view = MassView(masses: [3, 9, 9, 100, 1], rare: [3])
        #expect(chosen(node, view, limit: 2) == [1, 2])
        #expect(chosen(node, view, limit: 1) == [1])
        #expect(chosen(node, view, limit: nil) == [0, 1, 2, 4])
        #expect(chosen(node, view, limit: 99) == [0, 1, 2, 4])
    }

    @Test func theSetOnlyGrowsAndNoFurtherThanItsLimit() {
        var node = ExplainNode(rule: ReexplanationRule())
        node.know([0, 4])
        let later = MassView(masses: [3, 9, 20, 100, 1])
        #expect(chosen(node, later, limit: 3) == [3])
        node.know([3])
        #expect(chosen(node, later, limit: 3).isEmpty)
        // After a restart those that were begun are known again.
        let restored = ExplainNode(
            rule: ReexplanationRule(), explanations: [0, 4, 3].map { Fixture.explanation(UInt64($0), latent: $0) })
        #expect(chosen(restored, later, limit: 3).isEmpty && chosen(restored, later, limit: 4) == [2])
    }
}

@Suite struct StandingScoresTests {
    @Test func theLowestOfTheNodesLatestScoresCounts() {
        var standing = StandingScores()
        #expect(standing.lowest(of: Fixture.hash(1)) == nil)
        for score in [
            Fixture.score(1, 0.9, epoch: 2), Fixture.score(1, 0.4, epoch: 1), Fixture.score(1, nil, epoch: 3),
            Fixture.score(1, 0.7, epoch: 2, node: "detected"), Fixture.score(1, 0.1, control: "shuffled"),
        ] { standing.note(score) }
        #expect(standing.lowest(of: Fixture.hash(1)) == 0.7)
        standing.note(Fixture.score(1, 0.95, epoch: 4, node: "detected"))
        #expect(standing.lowest(of: Fixture.hash(1)) == 0.9)
    }

    @Test func theLineageKnowsThemFromTheStoreAndFromWhatIsRecorded() {
        var lineage = Lineage()
        lineage.restore(
            explainer: "lexical", rule: ReexplanationRule(), explanations: [Fixture.explanation(1)], choices: [])
        lineage.restore(
            scorer: Fixture.settings(), reading: ["lexical"], scores: [Fixture.score(1, 0.6, epoch: 1)])
        #expect(lineage.lowestScore(of: Fixture.hash(1)) == 0.6)
        _ = lineage.handle(.recorded([Fixture.score(1, 0.3, epoch: 2)]), at: "executed")
        #expect(lineage.lowestScore(of: Fixture.hash(1)) == 0.3)
    }
}
