import Elements
import Foundation
import StateFixtures
import Statistics
import Testing

@testable import Reports

@Suite struct CalibratedSummaryTests {
    /// A judge that says yes to everything, more surely where it is right.
    private func score(_ latent: Int, lean: Double = 3, control: String? = nil, isNew: Bool = true) -> Score {
        Fixture.score(latent, 0.9, control: control).with {
            guard isNew else { return }
            $0.details[Score.uncalibratedName] = Estimate(value: 0.5, lower: 0.4, upper: 0.6, count: 8)
            $0.details["true_positive_rate"] = Estimate(value: 1, lower: 0.5, upper: 1, count: 4)
            $0.details["true_negative_rate"] = Estimate(value: 0, lower: 0, upper: 0.5, count: 4)
            let yes = [1.0, 2, 1, -0.5].map { lean + $0 }
            let no = [-1.0, -2, -1, 0.5].map { lean + $0 }
            let mixed = [lean + 1, lean - 1]
            $0.logits = YesLogits(
                positives: control == nil ? yes : mixed, negatives: control == nil ? no : mixed,
                trainPositives: [lean + 1, lean + 2], trainNegatives: [lean - 1, lean - 2])
            $0.round = ScoringRound(epoch: UInt64(latent), windowsFired: 9, recent: [], contest: nil)
        }
    }

    @Test func thresholdsOfTheTrainSideTakeALeanOut() throws {
        let scores = [score(1), score(2)]
        let calibrated = try #require(CalibratedSummary(of: scores, shuffled: [score(1, control: "shuffled")]))
        #expect(calibrated.mean.value == 0.75 && calibrated.uncalibrated?.value == 0.5)
        #expect(calibrated.truePositiveRate == 0.75 && calibrated.trueNegativeRate == 0.75)
        #expect(calibrated.shuffled?.value == 0.5)
        #expect(abs(calibrated.threshold - 1 / (1 + exp(-3.0))) < 1e-9)
        #expect(calibrated.answers == 8 && calibrated.explanations == 2 && calibrated.epoch == 2)
        #expect(
            calibrated.lines.last
                == "    balanced accuracy calibrated, about P(yes) >= 0.953: .75 [.75–.75], shuffled .50 [.00–1.00]; fitted on 8 "
                + "train-side answers about 2 explanations of epoch 2 or before")
    }

    @Test func anExplanationWithALeanOfItsOwnHasItsOwnThreshold() throws {
        let calibrated = try #require(CalibratedSummary(of: [score(1, lean: -8), score(2, lean: 8)], shuffled: []))
        #expect(calibrated.mean.value == 0.75 && calibrated.shuffled == nil)
    }

    @Test func scoresOfAnotherVersionHaveNone() {
        #expect(CalibratedSummary(of: [score(1, isNew: false)], shuffled: []) == nil)
    }

    @Test func areasAndBalancedAccuraciesOfANodeAreToldApart() throws {
        let summaries = ScoreSummary.summaries(of: [score(1, isNew: false), score(2), score(3)])
        #expect(summaries.map(\.areAreas) == [false, true] && summaries.map(\.scores.count) == [1, 2])
        #expect(summaries.map { $0.calibrated == nil } == [true, false])
        // Verdicts at one half are not what the mean over observations of areas is made of.
        #expect(summaries[1].means?.micro.value == 0.9)
    }

    @Test(arguments: [(0.9, 0.1, true), (0.15, 0.95, true), (0.7, 0.4, false)])
    func aJudgeThatSaysTheSameToNearlyEverythingIsNamed(found: Double, passed: Double, isBiased: Bool) throws {
        let scores = (1...2).map { latent in
            Fixture.score(latent, 0.5).with {
                $0.details["true_positive_rate"] = Estimate(value: found, lower: 0, upper: 1, count: 20)
                $0.details["true_negative_rate"] = Estimate(value: passed, lower: 0, upper: 1, count: 20)
            }
        }
        let leaning = try #require(ScoreSummary.summaries(of: scores).first?.leaning)
        #expect(leaning.truePositiveRate.value == found && leaning.trueNegativeRate.value == passed)
        #expect(abs(leaning.shareOfYes - (found + 1 - passed) / 2) < 1e-12 && leaning.isBiased == isBiased)
        #expect(leaning.line.contains("biased") == isBiased && leaning.line.contains(" % yes"))
        // A model that writes texts says neither yes nor no.
        for method in ["execution", "generation"] {
            let others = scores.map { score in
                score.with {
                    $0.method = method
                    $0.details[Score.uncalibratedName] = Estimate(value: 0.5, lower: 0, upper: 1, count: 20)
                }
            }
            let summary = try #require(ScoreSummary.summaries(of: others).first)
            #expect(summary.leaning == nil && !summary.areAreas)
        }
    }
}
