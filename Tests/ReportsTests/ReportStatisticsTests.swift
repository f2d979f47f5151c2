import Elements
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

/// The tables after the scores, each as a whole.
@Suite struct ReportStatisticsTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func lines() throws -> [String] {
        ReportStatistics(report: try RunReport(directory: directory.state)).lines
    }

    /// A table: the lines from its title to the next empty one.
    private func table(_ title: String) throws -> [String] {
        Array(try lines().drop { !$0.hasPrefix(title) }.prefix { !$0.isEmpty })
    }

    private func count(_ latent: Int, _ value: Double, of count: Int, rate: Double?, node: String = "detected") -> Score
    {
        Fixture.score(latent, value, node: node, firingRate: rate).with {
            $0.headline = Estimate(value: value, lower: value, upper: value, count: count)
        }
    }

    @Test func meansOverLatentsObservationsAndFiringsDiffer() throws {
        try store.record(scores: [
            count(1, 1, of: 30, rate: 0.01), count(2, 0.5, of: 10, rate: 0.03),
            count(1, 1, of: 40, rate: nil, node: "fuzzed"), count(2, 0, of: 40, rate: 0.5, node: "fuzzed"),
        ])
        // 30 of 40 observations and one of four firings are of the first latent.
        #expect(
            try table("MEANS") == [
                "MEANS over latents, over observations and over firings (95 %)",
                "  scorer                      macro             micro             by firing rate    ",
                "  detected(prose)             .75 [.50–1.00]    .88 [.50–1.00]    .62 [.50–1.00]    ",
                "  fuzzed(prose)               .50 [.00–1.00]    .50 [.00–1.00]    n/a               ",
                "  intervals by resampling latents; windows that latents share are not resampled, since 2 of 2 scores have no replicates",
            ])
    }

    @Test func basesThatDifferAreSaidOfEachScorer() throws {
        try store.record(scores: [
            Fixture.score(1, 1), Fixture.score(1, 1, node: "fuzzed"), Fixture.score(2, 1, node: "fuzzed"),
            Fixture.score(1, nil, node: "intruded"),
        ])
        #expect(
            try table("MEANS").suffix(2) == [
                "  intervals of detected(prose) by no resampling: there are fewer than two latents",
                "  intervals of fuzzed(prose) by resampling latents; windows that latents share are not resampled, since 2 of 2 "
                    + "scores have no replicates",
            ])
    }

    @Test func agreementIsSaidToBeOfDifferentExplanationsIfItIs() throws {
        try store.record(
            scores: (1...3).flatMap { latent in
                [
                    Fixture.score(latent, Double(latent) / 4),
                    Fixture.score(latent, 0.5, explainedBy: "lexical"),
                ]
            })
        #expect(
            try table("AGREEMENT") == [
                "AGREEMENT OF SCORERS (Spearman, Pearson over the latents that both have scored)",
                "  detected(lexical) ~ detected(prose): n/a, n/a over 3 latents, by different explanations",
            ])
    }

    @Test func tenthsOfFiringRateStandInTheirOrder() throws {
        try store.record(scores: (1...10).map { Fixture.score($0, Double($0) / 10, firingRate: 1 - Double($0) / 100) })
        #expect(
            try table("MEAN SCORE BY TENTH") == [
                "MEAN SCORE BY TENTH OF FIRING RATE (1 fires least often)",
                "  scorer                      1     2     3     4     5     6     7     8     9     10    ",
                "  detected(prose)             1.00  .90   .80   .70   .60   .50   .40   .30   .20   .10   ",
            ])
    }

    @Test func tenthsOfStrengthThatNobodyHasAreNotAvailable() throws {
        func score(_ node: String, _ shares: [Int: Double]) -> Score {
            Fixture.score(1, 0.5, node: node).with { score in
                for (block, share) in shares {
                    score.details["true_positive_rate_block_\(block)"] = Estimate(
                        value: share, lower: 0, upper: 1, count: 5)
                }
            }
        }
        try store.record(scores: [
            score("detected", [0: 1, 2: 0.25]), score("fuzzed", [1: 0.5]), score("intruded", [:]),
        ])
        #expect(
            try table("SHARE FOUND") == [
                "SHARE FOUND BY TENTH OF STRENGTH (1 is the strongest)",
                "  scorer                      1     2     3     ",
                "  detected(prose)             1.00  n/a   .25   ",
                "  fuzzed(prose)               n/a   .50   n/a   ",
            ])
    }

    @Test func scoresAtSeveralHookpointsStandByLayer() throws {
        func coder(_ hookpoint: String) -> CoderIdentity {
            CoderIdentity(name: "at-\(hookpoint)", hookpoint: hookpoint, latents: 9, digest: Fixture.hash(8))
        }
        let values = ["layers.2.mlp": [0.5, 0.75], "layers.10": [0.75, 1], "embedding": [0.25, 0.25]]
        try store.record(
            scores: values.flatMap { hookpoint, values in
                values.enumerated().map {
                    Fixture.score($0.offset, $0.element, node: "s-\(hookpoint)", coder: coder(hookpoint))
                }
            })
        // What has no number of a layer comes last and is in no correlation: ranks 1.5 1.5 3.5 3.5 and 1 2.5 2.5 4.
        #expect(
            try table("DETECTION BY LAYER") == [
                "DETECTION BY LAYER (Spearman of score and layer .71)",
                "  hookpoint           scorer                      latents mean              ",
                "  layers.2.mlp        s-layers.2.mlp(prose)       2       .62 [.50–.75]     ",
                "  layers.10           s-layers.10(prose)          2       .88 [.75–1.00]    ",
                "  embedding           s-embedding(prose)          2       .25 [.25–.25]     ",
            ])
        let figures = LayerFigures.byMethod(try RunReport(directory: directory.state).layerTrends)
        #expect(figures["detection"]?.layers.map(\.mean) == [0.625, 0.875, 0.25])
        #expect(figures["detection"]?.layers.first?.interval == [0.5, 0.75])
        #expect(abs(try #require(figures["detection"]?.spearman) - 0.5.squareRoot()) < 1e-12)
    }

    @Test func whatHasNoScoreIsCountedByReasonAndNode() throws {
        for (node, dead) in [("fuzzed", 1), ("detected", 5)] {
            let note = SkippedLatents(
                node: node, coder: "codes", taken: 20, dead: dead, tooFew: 2, tooFewHeldOut: 3, tooDense: 4)
            try SkippedLatents.notes.write(note, of: node, to: store)
        }
        let job = PlannedJob(
            id: Fixture.hash(5), node: "fuzzed", kind: .score, coder: "codes", latent: 1, payload: [])
        try store.insertJobs([job, Fixture.job(1)])
        for id in [job.id, Fixture.hash(1)] { try store.fail(job: id, reason: "no answer", attempts: 3) }
        #expect(
            try table("LATENTS WITHOUT") == [
                "LATENTS WITHOUT A SCORE",
                "  detected, of 20: 5 dead, 2 too few windows or nothing in common, 3 none held out, 4 too dense, 0 failed",
                "  fuzzed, of 20: 1 dead, 2 too few windows or nothing in common, 3 none held out, 4 too dense, 1 failed",
            ])
    }

    @Test func aStateWithoutScoresHasNoTable() throws {
        #expect(try lines().isEmpty)
    }
}
