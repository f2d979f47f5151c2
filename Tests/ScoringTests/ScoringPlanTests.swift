import Elements
import Foundation
import Inference
import Scoring
import Testing

@Suite struct ScoringPlanTests {
    private let text = ToyVocabulary(words: 80)
    private let corpus = PlantedCorpus(latents: 6, vocabulary: 80, windows: 1200, seed: 9)

    private func plan(_ latent: Int, _ settings: JudgedSettings) throws -> ScoringPlan {
        try corpus.plan(latent, settings: settings, judge: RuleJudge(), tokenDecoder: text)
    }

    @Test func positivesComeEvenlyFromAllDeciles() throws {
        let questions = try plan(0, JudgedSettings(method: .detection)).questions
        for block in 0..<10 { #expect(questions.count { $0.block == block } == 5) }
        #expect(questions.count(where: \.isPositive) == 50 && questions.count { !$0.isPositive } == 50)
        #expect(Set(questions.map(\.identity)).count == 100)
    }

    @Test func theOrderOfQuestionsTellsNothing() throws {
        // Where positives stand: the mean place of 50 of 100 has a standard deviation of 2.9 about 49.5.
        for latent in 0..<6 {
            let questions = try plan(latent, JudgedSettings(method: .detection)).questions
            let places = questions.indices.filter { questions[$0].isPositive }
            let mean = Double(places.reduce(0, +)) / 50
            #expect(abs(mean - 49.5) < 10)
        }
    }

    @Test func aNegativeIsChosenWhateverElseThePoolHolds() throws {
        var smaller = corpus
        smaller.pool = corpus.pool.enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
        let all = try plan(0, JudgedSettings(method: .detection)).questions.filter { !$0.isPositive }
        let some = try smaller.plan(
            0, settings: JudgedSettings(method: .detection), judge: RuleJudge(), tokenDecoder: text
        ).questions
        let left = Set(smaller.pool.map(\.window.identity))
        for negative in all where left.contains(negative.identity) { #expect(some.contains(negative)) }
    }

    @Test func aPlanSurvivesStorage() throws {
        for method in JudgedMethod.allCases {
            var settings = JudgedSettings(method: method, form: .logProbabilities)
            settings.rule = .aboveMedian
            let plan = try plan(1, settings)
            #expect(try JSONDecoder().decode(ScoringPlan.self, from: JSONEncoder().encode(plan)) == plan)
        }
    }

    @Test func theNameFollowsWhatDecidesTheOutcome() throws {
        let base = try plan(1, JudgedSettings(method: .detection))
        #expect(try plan(1, JudgedSettings(method: .detection)).job == base.job)
        var fewer = JudgedSettings(method: .detection)
        fewer.positives = 40
        let others = [
            try plan(2, JudgedSettings(method: .detection)), try plan(1, JudgedSettings(method: .fuzzing)),
            try plan(1, JudgedSettings(method: .detection, form: .logProbabilities)), try plan(1, fewer),
            try corpus.plan(
                1, settings: JudgedSettings(method: .detection), judge: RuleJudge(isInverted: true), tokenDecoder: text),
            try corpus.plan(
                1, explainedAs: 2, settings: JudgedSettings(method: .detection), judge: RuleJudge(), tokenDecoder: text),
        ]
        #expect(Set(others.map(\.job) + [base.job]).count == 7)
    }

    @Test func aClassWithoutWindowsIsRefusedByName() {
        for heldOut in [
            HeldOutSet(positives: [], negatives: corpus.pool), HeldOutSet(positives: corpus.test[0], negatives: []),
        ] {
            for method in JudgedMethod.allCases {
                #expect {
                    try ScoringPlan(
                        node: "n", explanation: corpus.explanation(0), heldOut: heldOut,
                        settings: JudgedSettings(method: method), seed: 1, judge: RuleJudge(), tokens: text)
                } throws: { ($0 as? ScoringError)?.kind == .tooFewExamples }
            }
        }
    }

    @Test func whatWasHeldOutIsReportedAsShares() async throws {
        let heldOut = HeldOutSet(
            positives: Array(corpus.test[0].prefix(60)), negatives: corpus.heldOut(0).negatives, droppedByIdentity: 30,
            droppedByOverlap: 10)
        let plan = try ScoringPlan(
            node: "n", explanation: corpus.explanation(0), heldOut: heldOut,
            settings: JudgedSettings(method: .detection), seed: 1, judge: RuleJudge(),
            tokens: text)
        let details = try await JudgedScorer.run(plan, judge: RuleJudge(), tokenDecoder: text, concurrency: 1).score
            .details
        #expect(details["share_dropped_by_identity"]?.value == 0.3)
        #expect(details["share_dropped_by_overlap"]?.value == 0.1)
        #expect(details["share_dropped_by_overlap"]?.count == 100)
    }
}
