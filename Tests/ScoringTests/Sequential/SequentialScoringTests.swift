import Elements
import Foundation
import Inference
import Statistics
import Testing

@testable import Scoring

/// Judged scorers that stop once enough is known.
@Suite struct SequentialScoringTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    private func settings(_ method: JudgedMethod, _ form: AnswerForm, _ rule: Stopping.Rule?) -> JudgedSettings {
        var settings = JudgedSettings(method: method, form: form)
        settings.stopping = rule.map { Stopping(rule: $0) }
        return settings
    }

    private func run(
        _ latent: Int, as other: Int? = nil, _ settings: JudgedSettings, judge: RuleJudge = RuleJudge()
    ) async throws -> (plan: ScoringPlan, outcome: JudgedOutcome) {
        let plan = try Self.corpus.plan(
            latent, explainedAs: other, settings: settings, judge: judge, tokenDecoder: Self.text)
        return (plan, try await JudgedScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 4))
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func clearCasesAreSettledAfterFewQuestions(method: JudgedMethod, form: AnswerForm) async throws {
        for latent in 0..<4 {
            let (plan, outcome) = try await run(latent, settings(method, form, .verdict))
            let account = try #require(outcome.score.sequential)
            #expect(account.verdict == "interpretable" && account.settledBy == nil)
            #expect(account.asked < 30 && account.available == 100)
            #expect(outcome.verdicts.count == account.asked && outcome.score.judged == account.asked)
            let headline = try #require(outcome.score.headline)
            #expect(headline.value > 0.95 && headline.lower > 0.5 && headline.upper == 1)
            // Figures that nothing corrects are left out; the tokens are those of what was asked.
            #expect(outcome.score.details["f1"] == nil && outcome.score.details["auroc"] == nil)
            // Calls of fuzzing are of as many of both classes.
            let size = form == .list ? (method == .fuzzing ? 4 : 5) : 1
            let calls = (account.asked + size - 1) / size
            #expect(outcome.score.tokensIn == 10 * calls)
            #expect(plan.questions.count == 100)
            let (_, shuffled) = try await run(latent, as: (latent + 5) % 12, settings(method, form, .verdict))
            #expect(shuffled.score.sequential?.verdict == "not-interpretable")
            #expect((shuffled.score.sequential?.asked ?? 100) < 60)
        }
    }

    @Test func theSameQuestionsAreAskedAsWithoutStoppingInPairs() async throws {
        for method in JudgedMethod.allCases {
            let all = try Self.corpus.plan(
                2, settings: settings(method, .list, nil), judge: RuleJudge(), tokenDecoder: Self.text)
            let paired = try Self.corpus.plan(
                2, settings: settings(method, .list, .verdict), judge: RuleJudge(), tokenDecoder: Self.text)
            #expect(Set(all.questions) == Set(paired.questions))
            #expect(all.job != paired.job)
            let pairs = stride(from: 0, to: 100, by: 2).map { Array(paired.questions[$0..<$0 + 2]) }
            #expect(pairs.allSatisfy { $0[0].isPositive != $0[1].isPositive })
            // Which comes first is as good as drawn: 50 draws, four standard deviations.
            #expect((11...39).contains(pairs.count { $0[0].isPositive }))
            if method == .fuzzing {
                // The pair is not the one that bears the same marks, which would give the right one away.
                #expect(pairs.count { $0[0].marked == $0[1].marked } < 25)
            }
        }
    }

    @Test func callsAboutOneExplanationDifferOnlyFromTheFirstExampleOn() throws {
        for form in AnswerForm.allCases {
            let plan = try Self.corpus.plan(
                2, settings: settings(.fuzzing, form, .verdict), judge: RuleJudge(), tokenDecoder: Self.text)
            let prompts = plan.calls.map { range in
                form == .list
                    ? JudgePrompt.list(plan.questions[range], plan: plan, tokenDecoder: Self.text)
                    : JudgePrompt.yesOrNo(plan.questions[range.lowerBound], plan: plan, tokenDecoder: Self.text)
            }
            let starts = prompts.map { prompt in
                prompt.messages.dropLast().map(\.content)
                    + [String(prompt.messages.last?.content.prefix { $0 != "\n" } ?? "")]
            }
            #expect(Set(starts).count == 1 && starts.first?.last == "Explanation: Contains the token w2.")
            #expect(Set(prompts.map { $0.messages.last?.content }).count == prompts.count)
        }
    }

    @Test func anIntervalIsNarrowedUntilItIsAsWideAsAsked() async throws {
        var (plain, wide) = (settings(.detection, .list, .interval), settings(.detection, .list, .interval))
        plain.stopping?.halfWidth = 0.08
        wide.stopping?.halfWidth = 0.2
        let judge = RuleJudge(errors: 0.2)
        let narrow = try await run(3, plain, judge: judge).outcome.score
        let broad = try await run(3, wide, judge: judge).outcome.score
        let (n, b) = (try #require(narrow.sequential), try #require(broad.sequential))
        #expect(n.asked > b.asked && b.asked < 100)
        let interval = try #require(broad.details["balanced_accuracy_of_all"])
        #expect((interval.upper - interval.lower) / 2 <= 0.2 + 1e-9)
    }

    @Test func failedAnswersAreNoVerdictEitherWay() async throws {
        let (_, outcome) = try await run(
            1, settings(.detection, .logProbabilities, .verdict), judge: RuleJudge(rubbish: 0.3))
        #expect(outcome.score.failed > 0 && outcome.score.sequential?.verdict == "interpretable")
        #expect((outcome.score.headline?.value ?? 0) > 0.95)
    }

    @Test func aSpentBudgetLeavesNoScoreBehind() async throws {
        let plan = try Self.corpus.plan(
            1, settings: settings(.detection, .list, .verdict), judge: RuleJudge(), tokenDecoder: Self.text)
        let judge = RuleJudge(outage: InferenceError(.budgetSpent, "spent"))
        let error = await #expect(throws: ScoringError.self) {
            _ = try await JudgedScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 1)
        }
        #expect(error?.kind == .judgeFailed)
    }

    @Test func whatStopsAtAWidthIsHardlyBiased() {
        var generator = SeededGenerator(seed: 21)
        var lines: [String] = []
        for rate in [0.55, 0.75, 0.9] {
            var (sum, held, asked) = (0.0, 0, 0)
            let runs = 400
            for _ in 0..<runs {
                var monitor = SequentialMonitor(Stopping(rule: .interval), pairs: 50)
                var right = 0
                let answers = (0..<100).map { _ in generator.unit() < rate }
                for (index, answer) in answers.enumerated() {
                    monitor.observe(isPositive: index % 2 == 0, isRight: answer)
                    right += 1
                    if index % 5 == 4, monitor.isEnough() { break }
                }
                let truth = Double(answers.count { $0 }) / 100
                guard let estimates = monitor.estimates else { continue }
                sum += estimates.balancedAccuracy.value - truth
                asked += right
                held += estimates.ofAll.lower <= truth && truth <= estimates.ofAll.upper ? 1 : 0
            }
            lines.append(
                String(
                    format: "stopped at a half-width of .1, rate %.2f: bias %+.4f, interval held %.3f, asked %.2f",
                    rate,
                    sum / Double(runs), Double(held) / Double(runs), Double(asked) / Double(100 * runs)))
            // Plain shares: what stops at a width stops a little sooner where answers happen to agree.
            #expect(abs(sum / Double(runs)) < 0.02)
            #expect(Double(held) / Double(runs) >= 0.95 - 5 * (0.05 * 0.95 / Double(runs)).squareRoot())
        }
        print(lines.joined(separator: "\n"))
    }
}
