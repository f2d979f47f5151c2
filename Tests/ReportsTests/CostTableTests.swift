import Elements
import Scoring
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

@Suite struct CostTableTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func lines() throws -> [String] { CostTable(report: try RunReport(directory: directory.state)).lines }

    private func score(
        _ latent: Int, _ value: Double? = 0.5, tokens: (Int, Int), cached: Int? = nil, node: String = "detected",
        method: String = "detection"
    ) -> Score {
        Fixture.score(latent, value, node: node, method: method).with {
            ($0.tokensIn, $0.tokensOut, $0.tokensCached) = (tokens.0, tokens.1, cached)
        }
    }

    @Test func tokensAreMeansOverAllThatWereScoredBesideThoseOfThePaper() throws {
        try store.record(scores: [
            score(1, tokens: (1000, 10), cached: 500), score(2, tokens: (2001, 21)),
            // A score without a value has cost something all the same.
            score(3, nil, tokens: (300, 0)),
            score(1, tokens: (90, 9), node: "embedded", method: "embedding"),
            score(1, tokens: (70, 7), node: "found", method: "intruder"),
            score(1, tokens: (0, 0), node: "executed", method: "execution"),
            Fixture.control(1, 0.5).with { $0.tokensIn = 9999 },
        ])
        #expect(
            try lines() == [
                "", "TOKENS PER LATENT, beside those of the paper's Table 1 for 100 examples",
                "  scorer                      method      latents in       cached   out      paper: in cacheable out   ",
                "  detected(prose)             detection   3       1100     167      10       17000     11900     240   ",
                "  embedded(prose)             embedding   1       90       n/a      9        4000      n/a       n/a   ",
                "  found(prose)                intruder    1       70       n/a      7        n/a       n/a       n/a   ",
            ])
    }

    private func stopped(_ latent: Int, _ verdict: String, asked: Int, of available: Int, by node: String? = nil)
        -> Score
    {
        Fixture.score(latent, node == nil ? 0.5 : nil).with {
            $0.sequential = SequentialAccount(
                verdict: verdict, threshold: 0.7, asked: asked, available: available, settledBy: node)
        }
    }

    @Test func whatWasAskedUntilEnoughWasKnownIsCountedByVerdictAndGate() throws {
        try store.record(scores: [
            stopped(1, "undecided", asked: 40, of: 40), stopped(2, "interpretable", asked: 8, of: 40),
            stopped(3, "interpretable", asked: 0, of: 20, by: "embedded"),
            stopped(4, "not-interpretable", asked: 0, of: 20, by: "embedded"),
            stopped(5, "interpretable", asked: 0, of: 20, by: "executed"),
        ])
        #expect(
            try lines() == [
                "",
                "ASKED ONLY UNTIL ENOUGH WAS KNOWN (intervals hold whenever one stops; values are corrected for stopping at a verdict,",
                "  not for stopping at a width, by which they are up to .013 too far from .5 in simulation)",
                "  detected(prose): 3 interpretable, 1 not-interpretable, 1 undecided; 34.3 % of the questions asked",
                "    2 settled by embedded, without a judge: they have no value in the means above",
                "    1 settled by executed, without a judge: they have no value in the means above",
            ])
        let summary = try #require(try RunReport(directory: directory.state).summaries.first)
        // What a cheaper score settled is not among those that got no verdict.
        #expect(summary.unavailable == 0 && summary.scores.count == 2)
    }

    @Test func withoutAQuestionThereIsNoShareOfThem() throws {
        try store.record(scores: [stopped(3, "interpretable", asked: 0, of: 0, by: "embedded")])
        #expect(try lines().contains("  detected(prose): 1 interpretable"))
    }

    @Test func whatServersCostStandsByModelAlsoWithoutAnyScore() throws {
        try ModelSpend.note.write(
            [
                "org/judge": ModelSpend(calls: 12, tokensIn: 3400, tokensOut: 56, tokensCached: 78, cost: 0.01234),
                "embedder": ModelSpend(calls: 3, tokensIn: 4),
            ], to: store)
        #expect(
            try lines() == [
                "", "SPENT ON SERVERS, over all starts, failed attempts and controls among it",
                "  model               calls    tokens in   cached      tokens out  cost      ",
                "  embedder            3        4           0           0           no price  ",
                "  org/judge           12       3400        78          56          0.0123    ",
            ])
    }

    @Test func whatCachesAndBatchesSavedStandsBelow() throws {
        var judge = ModelSpend(calls: 12, tokensIn: 3400, tokensOut: 56, tokensCached: 78, cost: 0.01234)
        judge.tokensBatched = 3000
        judge.savedByCache = 0.00123
        judge.savedByBatches = 0.0112
        var free = ModelSpend(calls: 1, tokensIn: 4)
        free.tokensBatched = 4
        try ModelSpend.note.write(["org/judge": judge, "free": free], to: store)
        #expect(
            try lines().suffix(3) == [
                "  free: batches, without a price: 4 tokens, sent and answered with, went by them",
                "  org/judge: caching saved 0.0012: 78 of the tokens sent were in the server's cache",
                "  org/judge: batches saved 0.0112: 3000 tokens, sent and answered with, went by them",
            ])
    }

    @Test func aStateWithoutCostsHasNoTable() throws {
        #expect(try lines().isEmpty)
        try store.record(scores: [Fixture.score(1, 0.5)])
        #expect(try lines().isEmpty)
    }

    @Test func costsOfNothingAreNotAvailable() {
        let cost = ScoringCost([], method: "detection")
        #expect(cost.perExplanation == nil && cost.tokensCached == nil && cost.verdicts.isEmpty)
        #expect(cost.paper?.tokensIn == 17_000 && ScoringCost([], method: "of another version").paper == nil)
    }
}
