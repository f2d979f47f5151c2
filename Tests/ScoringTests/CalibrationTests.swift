import Elements
import Foundation
import Hashing
import Inference
import Statistics
import Testing

@testable import Scoring

/// A judge that says yes to nearly everything, and what its score keeps so that the lean can be taken out.
@Suite struct CalibrationTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)
    /// Windows of other documents.
    private static let trained = PlantedCorpus(latents: 12, vocabulary: 80, windows: 600, seed: 2)

    /// Sure of yes where it is right, and still for yes where it is not.
    private struct Leaning: LanguageModelClient {
        let rule = RuleJudge()
        var name: String { "leaning" }
        var digest: Hash128 { Hash128(high: 8, low: 8) }
        var offersLogProbabilities: Bool { true }
        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            try await rule.complete(prompt, maximumTokens: maximumTokens)
        }
        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            let isYes = try rule.verdicts(prompt).first == true
            return AnswerLogProbabilities(values: isYes ? [-0.01, -5] : [-0.3, -1.4], tokensIn: 10)
        }
    }

    private func plan(_ method: JudgedMethod, calibration: Int?) throws -> ScoringPlan {
        var settings = JudgedSettings(method: method, form: .logProbabilities)
        settings.figure = .area
        settings.calibration = calibration
        var heldOut = Self.corpus.heldOut(3)
        heldOut.recent = Array(heldOut.positives.suffix(20))
        return try ScoringPlan(
            subject: Self.corpus.subject(3, judge: Leaning()), heldOut: heldOut,
            train: TrainWindows(
                positives: Self.trained.test[3], negatives: NegativePool(pool: Self.trained.pool).negatives(of: 3)),
            settings: settings, tokens: Self.text)
    }

    private func score(_ plan: ScoringPlan) async throws -> Score {
        try await JudgedScorer.run(plan, judge: Leaning(), tokenDecoder: Self.text, concurrency: 2).score
    }

    @Test(arguments: JudgedMethod.allCases) func theTrainSideIsAskedBesidesAndScoresNothing(method: JudgedMethod)
        async throws
    {
        let (without, with) = (try plan(method, calibration: nil), try plan(method, calibration: 4))
        let asked = try #require(with.calibration)
        #expect(asked.count(where: \.isPositive) == 4 && asked.count == 8 && without.calibration == nil)
        let known = Set(Self.trained.pool.map(\.window.identity))
        #expect(asked.allSatisfy { known.contains($0.identity) })
        #expect(with.questions == without.questions && with.job != without.job)
        #expect(with.questions.allSatisfy { !known.contains($0.identity) })
        #expect(with.asked.suffix(8) == asked[...])
        #expect(try JSONDecoder().decode(ScoringPlan.self, from: JSONEncoder().encode(with)) == with)
        let (plain, calibrated) = (try await score(without), try await score(with))
        #expect(calibrated.headline?.value == plain.headline?.value && calibrated.judged == plain.judged)
        #expect(calibrated.details["current"]?.value == plain.details["current"]?.value)
        // It is paid for as everything else.
        #expect(calibrated.tokensIn == plain.tokensIn + 80)
        #expect(calibrated.logits?.trainPositives.count == 4 && calibrated.logits?.trainNegatives.count == 4)
        #expect(plain.logits?.trainPositives == [] && plain.logits?.positives.count == 50)
    }

    @Test func theHeadlineOfALeaningJudgeIsTheAreaAndTheRawThresholdStaysVisible() async throws {
        let score = try await score(plan(.detection, calibration: 4))
        #expect(score.headline == score.details["auroc"] && (score.headline?.value ?? 0) > 0.95)
        #expect(score.uncalibrated?.value == 0.5)
        #expect(score.details["true_positive_rate"]?.value == 1 && score.details["true_negative_rate"]?.value == 0)
        let logits = try #require(score.logits)
        let fit = try #require(
            ThresholdFit([.init(positives: logits.trainPositives, negatives: logits.trainNegatives)]))
        let found = logits.positives.count { $0 >= fit.common }
        let passed = logits.negatives.count { $0 < fit.common }
        #expect(found + passed > 95)
    }

    @Test func listsHaveNoProbabilitiesToCalibrate() async throws {
        let plan = try Self.corpus.plan(
            3, settings: JudgedSettings(method: .detection), judge: RuleJudge(), tokenDecoder: Self.text)
        let score = try await JudgedScorer.run(plan, judge: RuleJudge(), tokenDecoder: Self.text, concurrency: 1).score
        #expect(score.logits == nil && score.uncalibrated == nil && plan.calibration == nil)
    }
}
