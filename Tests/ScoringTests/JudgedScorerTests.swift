import Elements
import Foundation
import Hashing
import Inference
import Statistics
import Synchronization
import Testing

@testable import Scoring

@Suite struct JudgedScorerTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    private static func settings(_ method: JudgedMethod, _ form: AnswerForm) -> JudgedSettings {
        JudgedSettings(method: method, form: form)
    }

    private func outcome(
        _ latent: Int, as other: Int? = nil, settings: JudgedSettings, judge: RuleJudge = RuleJudge(),
        concurrency: Int = 4
    ) async throws -> JudgedOutcome {
        let plan = try Self.corpus.plan(
            latent, explainedAs: other, settings: settings, judge: judge, tokenDecoder: Self.text)
        return try await JudgedScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: concurrency)
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func trueExplanationsScoreHigh(method: JudgedMethod, form: AnswerForm) async throws {
        for latent in 0..<4 {
            let score = try await outcome(latent, settings: Self.settings(method, form)).score
            let headline = try #require(score.headline)
            #expect(headline.value > 0.95)
            #expect(score.judged == 100 && score.failed == 0)
            #expect(score.method == method.rawValue && score.latent == latent)
            #expect((score.details["f1"]?.value ?? 0) > 0.95)
            #expect((score.details["auroc"] != nil) == (form == .logProbabilities))
            #expect(score.details["auroc"].map { $0.value > 0.95 } ?? true)
        }
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func anInvertedJudgeScoresLow(method: JudgedMethod, form: AnswerForm) async throws {
        for latent in 0..<4 {
            let score = try await outcome(
                latent, settings: Self.settings(method, form), judge: RuleJudge(isInverted: true)
            ).score
            #expect(try #require(score.headline).value < 0.05)
            #expect(score.details["auroc"].map { $0.value < 0.05 } ?? true)
        }
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func shuffledExplanationsScoreAHalfWithinTheirInterval(method: JudgedMethod, form: AnswerForm) async throws {
        var headlines: [Estimate] = []
        for latent in 0..<12 {
            let score = try await outcome(
                latent, as: (latent + 5) % 12, settings: Self.settings(method, form)
            ).score
            headlines.append(try #require(score.headline))
        }
        // Of twelve 95 % intervals more than two miss in 2 of 100 draws; the corpus is fixed.
        #expect(headlines.count { $0.lower <= 0.5 && $0.upper >= 0.5 } >= 10)
        let mean = headlines.map(\.value).reduce(0, +) / 12
        #expect(abs(mean - 0.5) < 0.04)
    }

    @Test func brokenAnswersAreAskedAgainThenCountedAndNeverScored() async throws {
        let whole = try await outcome(
            1, settings: Self.settings(.detection, .list), judge: RuleJudge(errors: 0.2))
        let broken = try await outcome(
            1, settings: Self.settings(.detection, .list), judge: RuleJudge(rubbish: 0.3, errors: 0.2))
        #expect(broken.score.failed > 0 && broken.score.judged + broken.score.failed == 100)
        // A question fails where its list and its own prompt do: about 9 of 100.
        #expect(broken.score.failed < 25)
        var table = ConfusionTable()
        let plan = try Self.corpus.plan(
            1, settings: Self.settings(.detection, .list), judge: RuleJudge(), tokenDecoder: Self.text)
        for (question, (there, here)) in zip(plan.questions, zip(broken.verdicts, whole.verdicts)) {
            guard let isYes = there.isYes else {
                #expect(there.failure?.kind == .badAnswer)
                continue
            }
            #expect(isYes == here.isYes)
            table.count(isPositive: question.isPositive, verdict: isYes)
        }
        let shown = try #require(broken.score.headline)
        let full = try #require(whole.score.headline)
        #expect(shown.value == BalancedAccuracy.estimate(of: table)?.value)
        #expect(shown.count == broken.score.judged && shown.count < full.count)
        let answered = zip(plan.questions, broken.verdicts).filter { $1.isYes != nil }
        #expect(
            shown
                == ClusteredVerdicts(
                    isPositive: answered.map(\.0.isPositive), isYes: answered.map { $1.isYes == true },
                    calls: answered.map(\.1.call)
                ).balancedAccuracy)
    }

    @Test func failedProbabilitiesAreCountedAndNeverScored() async throws {
        let broken = try await outcome(
            1, settings: Self.settings(.detection, .logProbabilities), judge: RuleJudge(rubbish: 0.3))
        #expect((15...45).contains(broken.score.failed) && broken.score.judged + broken.score.failed == 100)
        #expect((broken.score.headline?.value ?? 0) > 0.95)
        #expect(broken.verdicts.allSatisfy { ($0.failure?.kind ?? .badAnswer) == .badAnswer })
        let whole = try await outcome(1, settings: Self.settings(.detection, .logProbabilities))
        #expect(!whole.wasCancelled)
        let widths = [broken, whole].map { ($0.score.headline?.upper ?? 0) - ($0.score.headline?.lower ?? 0) }
        #expect(widths[0] > widths[1])
    }

    @Test func aJudgeThatNeverAnswersGivesNoScoreButTheReason() async throws {
        let error = await failure(RuleJudge(rubbish: 2), .list)
        #expect(
            error
                == ScoringError(
                    .judgeFailed,
                    "0 of 100 verdicts came; the first failure: bad-answer: no list of 1 verdicts, or more than one, in "
                        + "the answer: Let me think about [these] examples"))
    }

    @Test(arguments: AnswerForm.allCases)
    func aJudgeThatCannotBeReachedMayBeTriedAgain(form: AnswerForm) async throws {
        let outage = InferenceError(.unreachable, "nobody there")
        let error = await failure(RuleJudge(outage: outage), form)
        let message = "0 of 100 verdicts came; the first failure: unreachable: nobody there"
        #expect(error == ScoringError(.judgeFailed, message, isRetriable: true))
        let refusal = await failure(RuleJudge(outage: InferenceError(.refused, "wrong key")), form)
        #expect(refusal?.kind == .judgeFailed && refusal?.isRetriable == false)
    }

    @Test func aScoreStandsWhileNoMoreThanATenthOfTheCallsFail() throws {
        let plan = try Self.corpus.plan(
            1, settings: Self.settings(.detection, .list), judge: RuleJudge(), tokenDecoder: Self.text)
        func outcome(lost: Int, _ kind: InferenceError.Kind) -> JudgedOutcome {
            let verdicts = plan.questions.enumerated().map { index, question in
                index % 10 == 0 && index < lost * 10
                    ? Verdict(isYes: nil, call: index, failure: InferenceError(kind, "gone"))
                    : Verdict(isYes: question.isPositive, call: index)
            }
            let score = JudgedTally(plan: plan, verdicts: verdicts).score(cost: CallCost())
            return JudgedOutcome(score: score, verdicts: verdicts)
        }
        #expect(outcome(lost: 10, .timedOut).insufficiency == nil)
        #expect(outcome(lost: 10, .badAnswer).insufficiency == nil)
        #expect(outcome(lost: 1, .cancelled).insufficiency?.isRetriable == true)
        var verdicts = outcome(lost: 10, .timedOut).verdicts
        verdicts[1] = Verdict(isYes: nil, call: 1, failure: InferenceError(.timedOut, "gone"))
        let score = JudgedTally(plan: plan, verdicts: verdicts).score(cost: CallCost())
        let error = JudgedOutcome(score: score, verdicts: verdicts).insufficiency
        #expect(
            error
                == ScoringError(
                    .judgeFailed, "89 of 100 verdicts came; the first failure: timed-out: gone", isRetriable: true))
    }

    private func failure(_ judge: RuleJudge, _ form: AnswerForm) async -> ScoringError? {
        await #expect(throws: ScoringError.self) {
            try await outcome(1, settings: Self.settings(.detection, form), judge: judge)
        }
    }

    @Test(arguments: AnswerForm.allCases)
    func whoeverCountsIsToldOfEveryQuestionAndOfWhatFailedAlsoIfNoScoreComesOfIt(form: AnswerForm) async throws {
        let told = Mutex<[(asked: Int, kinds: [InferenceError.Kind])]>([])
        func counted<Result: Sendable>(_ work: () async throws -> Result) async rethrows -> Result {
            let note: @Sendable (Int, [InferenceError]) -> Void = { asked, failures in
                told.withLock { $0.append((asked, failures.map(\.kind))) }
            }
            return try await AnswerCount.$note.withValue(note, operation: work)
        }
        let poor = form == .list ? RuleJudge(rubbish: 0.3, errors: 0.2) : RuleJudge(rubbish: 0.3)
        let broken = try await counted {
            try await outcome(1, settings: Self.settings(.detection, form), judge: poor)
        }
        #expect(broken.score.failed > 0)
        let outage = RuleJudge(outage: InferenceError(.unreachable, "nobody there"))
        #expect(await counted { await failure(outage, form) }?.kind == .judgeFailed)
        let counts = told.withLock { $0 }
        #expect(counts.map(\.asked) == [100, 100])
        #expect(counts.first?.kinds == Array(repeating: .badAnswer, count: broken.score.failed))
        #expect(counts.last?.kinds == Array(repeating: .unreachable, count: 100))
    }

    @Test func concurrencyChangesNothing() async throws {
        let settings = Self.settings(.fuzzing, .list)
        let judge = RuleJudge(rubbish: 0.2, errors: 0.1)
        let one = try await outcome(2, settings: settings, judge: judge, concurrency: 1)
        let many = try await outcome(2, settings: settings, judge: judge, concurrency: 16)
        #expect(one == many)
    }

    @Test func theMedianRuleUnderstandsAJudgeThatLeansToOneSide() async throws {
        var settings = Self.settings(.detection, .logProbabilities)
        let plan = try Self.corpus.plan(1, settings: settings, judge: RuleJudge(), tokenDecoder: Self.text)
        settings.rule = .aboveMedian
        let medianPlan = try Self.corpus.plan(1, settings: settings, judge: RuleJudge(), tokenDecoder: Self.text)
        #expect(plan.job != medianPlan.job)
        func examination(_ plan: ScoringPlan) -> JudgeSession {
            JudgeSession(plan: plan, judge: RuleJudge(), tokenDecoder: Self.text)
        }
        let leaning = [0.9, 0.8, 0.7, 0.6].map { Verdict(isYes: nil, probability: $0, call: 0) }
        #expect(examination(plan).ruled(leaning).map(\.isYes) == [true, true, true, true])
        #expect(examination(medianPlan).ruled(leaning).map(\.isYes) == [true, true, false, false])
        let failed = examination(medianPlan).ruled([Verdict(isYes: nil, call: 0)])
        #expect(failed.map(\.isYes) == [nil])
    }

    @Test func probabilitiesAreNormalisedOverYesAndNo() {
        #expect(abs((JudgeSession.probabilityOfYes([log(0.2), log(0.1)]) ?? 0) - 2.0 / 3) < 1e-12)
        #expect(JudgeSession.probabilityOfYes([-.infinity, -1]) == 0)
        #expect(JudgeSession.probabilityOfYes([-1, -.infinity]) == 1)
        #expect(JudgeSession.probabilityOfYes([-3, -3]) == 0.5)
        #expect(JudgeSession.probabilityOfYes([-.infinity, -.infinity]) == nil)
        #expect(JudgeSession.probabilityOfYes([.nan, -1]) == nil)
        #expect(JudgeSession.probabilityOfYes([5, -1]) == nil)
        #expect(JudgeSession.probabilityOfYes([-1]) == nil)
    }

    @Test func theWrongJudgeIsRefused() async throws {
        let plan = try Self.corpus.plan(
            1, settings: Self.settings(.detection, .logProbabilities), judge: RuleJudge(), tokenDecoder: Self.text)
        await #expect {
            try await JudgedScorer.run(
                plan, judge: RuleJudge(isInverted: true), tokenDecoder: Self.text, concurrency: 1)
        } throws: { ($0 as? ScoringError)?.kind == .modelChanged }
        await #expect {
            try await JudgedScorer.run(
                plan, judge: RuleJudge(offersLogProbabilities: false), tokenDecoder: Self.text, concurrency: 1)
        } throws: { ($0 as? ScoringError)?.kind == .unsupported }
    }
}
