import Elements
import Foundation
import StateFixtures
import Testing

@testable import Reports

@Suite struct TierSummaryTests {
    private func score(
        _ latent: Int, random: Double, lexical: Double?, control: String? = nil, coder: CoderIdentity = Fixture.coder,
        replicates: ScoreReplicates? = nil
    ) -> Score {
        func figure(_ value: Double) -> Estimate { Estimate(value: value, lower: value, upper: value, count: 40) }
        let base = Fixture.score(latent, random, control: control, coder: coder)
        let tiers = [
            TierScore(tier: .random, figure: figure(random), windows: 20),
            TierScore(
                tier: .lexical, figure: lexical.map(figure), windows: lexical == nil ? latent : 20,
                replicates: replicates),
        ]
        return Score(
            job: base.job, node: base.node, method: base.method, coder: base.coder, latent: base.latent,
            explanation: base.explanation, explainedBy: base.explainedBy, text: base.text, headline: base.headline,
            details: tiers.reduce(into: [:]) { $0.merge($1.details) { $1 } }, judged: base.judged, failed: 0,
            tokensIn: 0, tokensOut: 0, control: control, replicates: replicates?.adding(tiers))
    }

    @Test func whatLatentsShareIsInATiersIntervalWhereItIsKnown() throws {
        // All latents stand .2 higher or lower together, by the documents drawn.
        let together = try #require(
            ScoreReplicates(parts: [(0..<ScoreReplicates.count).map { 0.5 + ($0 % 2 == 0 ? 0.2 : -0.2) }]))
        func lexical(_ replicates: ScoreReplicates?) throws -> TierSummary {
            let scores = (1...20).map {
                score($0, random: 0.8, lexical: $0 % 2 == 0 ? 0.49 : 0.51, replicates: $0 < 20 ? together : replicates)
            }
            return try #require(ScoreSummary.summaries(of: scores).first?.tiers.last)
        }
        let (known, unknown) = (try lexical(together), try lexical(nil))
        #expect(known.tier == .lexical && known.resamplesDocuments && !unknown.resamplesDocuments)
        let (wide, narrow) = (try #require(known.mean), try #require(unknown.mean))
        #expect(wide.lower < 0.32 && wide.upper > 0.68 && narrow.lower > 0.49 && narrow.upper < 0.51)
        #expect(!known.line.contains("latents alone") && unknown.line.contains("(interval by latents alone)"))
    }

    @Test func aTierSaysOnHowManyLatentsItRests() throws {
        let summary = try #require(
            ScoreSummary.summaries(of: [
                score(1, random: 1, lexical: 0.5), score(2, random: 0.8, lexical: nil),
                score(3, random: 0.9, lexical: 0.75), score(4, random: 0.7, lexical: nil),
                score(1, random: 0.5, lexical: 0.25, control: "shuffled"),
            ]).first)
        #expect(summary.tiers.map(\.tier) == [.random, .lexical])
        let lexical = try #require(summary.tiers.last)
        #expect(lexical.latents == 2 && lexical.notAvailable == 2 && lexical.mean?.value == 0.625)
        #expect(lexical.median == 0.625 && lexical.windowsPerLatent == 20)
        let mean = try #require(lexical.mean)
        #expect(mean.lower == 0.5 && mean.upper == 0.75)
        #expect(lexical.controls.map(\.name) == ["shuffled", "random_coder"])
        #expect(lexical.controls.map(\.mean?.value) == [0.25, nil])
        // The headline is that of random negatives, and no tier is mixed into it.
        #expect(summary.mean == summary.tiers[0].mean?.value && summary.tiers[0].latents == 4)
        #expect(
            lexical.line
                == "    negatives lexical: .62 [.50–.75] over 2 latents, not available for 2 (interval by latents alone); shuffled .25 [.00–1.00]; "
                + "random_coder not available")
    }

    @Test func aRandomCodersTiersStandBesideThoseOfTheOther() throws {
        let random = CoderIdentity(name: "chance", hookpoint: "layers.10", latents: 9, digest: Fixture.hash(8))
        let scores =
            [score(1, random: 1, lexical: 0.5), score(2, random: 1, lexical: 0.75)]
            + [(5, 0.25), (6, nil), (7, 0.5)].map { latent, lexical in
                score(latent, random: 0.5, lexical: lexical, coder: random).with { $0.node = "c" }
            }
        let summaries = ScoreSummary.summaries(of: scores, randomCoders: ["chance"])
        let lexical = try #require(summaries.first?.tiers.last)
        let control = try #require(lexical.controls.last)
        #expect(control.name == "random_coder" && control.latents == 2 && control.mean?.value == 0.375)
        // The random coder's own tiers have no random coder beside them.
        #expect(summaries.last?.tiers.first?.controls.map(\.name) == ["shuffled"])
    }

    @Test func aTierThatNoLatentHasIsSaidToBeNotAvailable() throws {
        let summary = try #require(ScoreSummary.summaries(of: [score(1, random: 1, lexical: nil)]).first)
        let lexical = try #require(summary.tiers.last)
        #expect(lexical.mean == nil && lexical.latents == 0 && lexical.windowsPerLatent == nil)
        #expect(lexical.line == "    negatives lexical: not available for any of 1 latents")
    }

    @Test func withoutTiersThereIsNoRow() throws {
        #expect(try #require(ScoreSummary.summaries(of: [Fixture.score(1, 1)]).first).tiers.isEmpty)
    }

    @Test func theJSONHasTheTiersByName() throws {
        let summaries = ScoreSummary.summaries(of: [
            score(1, random: 1, lexical: 0.5), score(2, random: 0.5, lexical: nil),
            score(2, random: 0.5, lexical: 0.5, control: "shuffled"),
        ])
        let json = try JSONEncoder().encode(MethodFigures.byName(summaries))
        struct Method: Decodable {
            struct Tier: Decodable {
                struct Control: Decodable {
                    let latents: Int
                    let mean: Double?
                }
                let latents: Int
                let not_available: Int
                let mean: Double?
                let interval: [Double]?
                let resamples_documents: Bool
                let controls: [String: Control]
            }
            let mean: Double
            let negatives: [String: Tier]
        }
        let detection = try #require(try JSONDecoder().decode([String: Method].self, from: json)["detection"])
        #expect(Set(detection.negatives.keys) == ["random", "lexical"] && detection.mean == 0.75)
        let lexical = try #require(detection.negatives["lexical"])
        #expect(lexical.latents == 1 && lexical.not_available == 1 && lexical.mean == 0.5)
        #expect(
            !lexical.resamples_documents && lexical.interval?.count == 2 && lexical.controls["shuffled"]?.latents == 1)
    }
}
