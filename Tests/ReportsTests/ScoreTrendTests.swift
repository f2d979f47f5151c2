import Elements
import Foundation
import Scoring
import StateFixtures
import Statistics
import Store
import Testing

@testable import Reports
@testable import StateNotes

@Suite struct ScoreTrendTests {
    private let random = CoderIdentity(name: "chance", hookpoint: "layers.10", latents: 99, digest: Fixture.hash(8))

    private func value(_ score: Double, rate: Double) -> LatentValue {
        LatentValue(value: score, count: 10, firingRate: rate)
    }

    @Test func theRandomCoderIsWeighedToTheFiringRatesOfTheOther() throws {
        // Trained latents fire rarely, most of the random ones often, and what fires often scores higher.
        let trained = (0..<40).map { value(0.9, rate: 0.001 * Double($0 + 1)) }
        let others = (0..<200).map { number -> LatentValue in
            let rate = number < 40 ? 0.001 * (Double(number) + 1) : 0.5
            return value(number < 40 ? 0.55 + (number % 2 == 0 ? 0.01 : -0.01) : 0.8, rate: rate)
        }
        let control = try #require(MatchedControl(trained: trained, random: others))
        #expect(abs(control.mean.value - 0.55) < 1e-9 && abs(control.trained - 0.9) < 1e-9)
        #expect(control.latents == 40 && control.covered == 1)
        #expect(control.mean.lower < 0.55 && control.mean.lower > 0.54 && control.mean.upper < 0.56)
        let apart = (0..<200).map { value(0.8, rate: 0.5 + 0.001 * Double($0)) }
        #expect(MatchedControl(trained: trained, random: apart) == nil)
        #expect(MatchedControl(trained: Array(trained.prefix(9)), random: others) == nil)
        let rateless = trained.map { LatentValue(value: $0.value, count: 10) }
        #expect(MatchedControl(trained: rateless, random: others) == nil)
    }

    @Test func theMatchedControlStandsBesideTheOthers() throws {
        let scores = (1...40).flatMap { latent in
            [
                Fixture.score(latent, 0.9, firingRate: Double(latent) / 100),
                Fixture.score(
                    latent, latent % 2 == 0 ? 0.5 : 0.6, node: "c", firingRate: Double(latent) / 100, coder: random),
            ]
        }
        let summary = try #require(
            ScoreSummary.summaries(of: scores, randomCoders: ["chance"]).first { !$0.isOfRandomCoder })
        let matched = try #require(summary.controls.first { $0.name == "random_coder_matched" })
        #expect(abs(try #require(matched.mean).value - 0.55) < 0.02 && matched.latents == 40)
        #expect(matched.note.contains("100 %") && matched.note.contains("0.900"))
    }

    @Test func layersAreInTheirOrderAndRandomCodersLeftOut() throws {
        func coder(_ hookpoint: String) -> CoderIdentity {
            CoderIdentity(name: hookpoint, hookpoint: hookpoint, latents: 99, digest: Fixture.hash(8))
        }
        let scores = (1...5).flatMap { latent in
            [
                Fixture.score(latent, 0.9, node: "b", coder: coder("layers.10")),
                Fixture.score(latent, 0.6, node: "a", coder: coder("layers.9")),
                Fixture.score(latent, 0.5, node: "c", coder: random),
            ]
        }
        let trends = LayerTrend.all(of: ScoreSummary.summaries(of: scores, randomCoders: ["chance"]))
        let trend = try #require(trends.first)
        #expect(trends.count == 1 && trend.layers.map(\.hookpoint) == ["layers.9", "layers.10"])
        #expect(trend.layers.map(\.mean.value) == [0.6, 0.9] && trend.spearman == 1)
        #expect(LayerTrend.all(of: ScoreSummary.summaries(of: [Fixture.score(1, 1)])).isEmpty)
    }

    @Test func theShareFoundIsToldByTenthOfStrength() throws {
        func score(_ latent: Int, _ shares: [Double]) -> Score {
            let plain = Fixture.score(latent, 0.8)
            let details = shares.enumerated().map { block, share in
                ("true_positive_rate_block_\(block)", Estimate(value: share, lower: 0, upper: 1, count: 5))
            }
            return Score(
                job: plain.job, node: plain.node, method: plain.method, coder: plain.coder, latent: latent,
                explanation: plain.explanation, explainedBy: plain.explainedBy, text: plain.text,
                headline: plain.headline, details: Dictionary(uniqueKeysWithValues: details), judged: 10, failed: 0,
                tokensIn: 0, tokensOut: 0)
        }
        let summary = try #require(
            ScoreSummary.summaries(of: [score(1, [1, 0.5]), score(2, [0.5, 0])]).first)
        let deciles = StrengthDecile.all(of: summary)
        #expect(deciles.map(\.decile) == [1, 2] && deciles.map(\.mean.value) == [0.75, 0.25])
        #expect(StrengthDecile.all(of: try #require(ScoreSummary.summaries(of: [Fixture.score(1, 1)]).first)).isEmpty)
    }

    @Test func whatIsSkippedIsToldOfTheCoderThatIsNotRandom() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try store.setMeta("coders.random", "chance")
        try store.setMeta("skipped.nodes", "judged judged-chance")
        for (node, coder, taken, dead) in [("judged", "codes", 10, 3), ("judged-chance", "chance", 99, 50)] {
            try store.setMeta(
                "skipped.\(node)",
                """
                {"node":"\(node)","coder":"\(coder)","taken":\(taken),"dead":\(dead),"tooFew":1,"tooFewHeldOut":0,\
                "tooDense":0}
                """)
        }
        let text = try ReportJSON.text(RunReport(directory: directory.state))
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect((object?["skipped"] as? [String: Int])?["dead"] == 3)
    }

    @Test func theReportSaysWhatIntervalsRestOn() throws {
        let parts = [(0..<ScoreReplicates.count).map { _ in Double?.some(0.5) }]
        func score(_ latent: Int, _ replicates: ScoreReplicates?) -> Score {
            let plain = Fixture.score(latent, 0.5)
            return Score(
                job: plain.job, node: plain.node, method: plain.method, coder: plain.coder, latent: latent,
                explanation: plain.explanation, explainedBy: plain.explainedBy, text: plain.text,
                headline: plain.headline, details: [:], judged: 10, failed: 0, tokensIn: 0, tokensOut: 0,
                replicates: replicates)
        }
        let known = try #require(ScoreReplicates(parts: parts))
        func basis(_ scores: [Score]) throws -> String {
            try #require(ScoreSummary.summaries(of: scores).first).intervalBasis
        }
        #expect(try basis([score(1, known), score(2, known)]).contains("latents and documents"))
        #expect(try basis([score(1, known), score(2, nil)]).contains("1 of 2 scores have no replicates"))
        #expect(try basis([score(1, known)]).contains("no resampling"))
    }
}
