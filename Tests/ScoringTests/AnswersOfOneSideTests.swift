import Elements
import Hashing
import Inference
import Testing

@testable import Scoring

/// Judges that fail on one side, whose scores would look like those of bad explanations.
@Suite struct AnswersOfOneSideTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    /// Answers lists in a form of its own, and reads texts unless told not to.
    private struct OddJudge: LanguageModelClient {
        let rule = RuleJudge()
        var answer: @Sendable ([Bool]) -> Completion = { _ in Completion(text: "", tokensIn: 1, tokensOut: 1) }
        var reads: @Sendable (String) -> Bool = { _ in true }
        var name: String { "odd" }
        var digest: Hash128 { Hash128(high: 7, low: 9) }
        var offersLogProbabilities: Bool { false }
        var readsTexts: Bool { true }

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            answer(try rule.verdicts(prompt))
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            throw InferenceError(.unsupported, "none")
        }

        func logProbability(of text: String, after prefix: String) async throws(InferenceError) -> TextLogProbability {
            guard reads(text) else { throw InferenceError(.badAnswer, "no log-probability for some tokens") }
            return try await rule.logProbability(of: text, after: prefix)
        }
    }

    private func judged(_ answer: @escaping @Sendable ([Bool]) -> Completion) async -> Result<Score, ScoringError> {
        let judge = OddJudge(answer: answer)
        do {
            let plan = try Self.corpus.plan(
                1, settings: JudgedSettings(method: .detection, form: .list), judge: judge, tokenDecoder: Self.text)
            return .success(
                try await JudgedScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 2).score)
        } catch {
            return .failure(error as? ScoringError ?? ScoringError(.unsupported, "\(error)"))
        }
    }

    private static func list(_ items: [String]) -> Completion {
        Completion(text: "[" + items.joined(separator: ", ") + "]", tokensIn: 5, tokensOut: 5)
    }

    @Test func aJudgeThatWritesItsNoAsItLikesHasNoScore() async throws {
        for word in ["-1", "null", "none"] {
            guard case .failure(let error) = await judged({ Self.list($0.map { $0 ? "1" : word }) }) else {
                Issue.record("\(word) has a score")
                continue
            }
            #expect(error.kind == .judgeFailed && !error.isRetriable)
            #expect(error.message.contains("more than a third") && error.message.contains("in the answer: ["))
        }
    }

    @Test func aJudgeThatNamesTheExamplesThatFitHasNoScore() async throws {
        for first in [0, 1] {
            let outcome = await judged { verdicts in
                Self.list(verdicts.indices.filter { verdicts[$0] }.map { "\($0 + first)" })
            }
            #expect(throws: ScoringError.self) { try outcome.get() }
        }
    }

    @Test func nothingOfAnAnswerThatWasCutOffIsAVerdict() async throws {
        let outcome = await judged { verdicts in
            let text = Self.list(verdicts.map { $0 ? "1" : "0" }).text + " because"
            return Completion(text: text, tokensIn: 5, tokensOut: 64, isCutOff: true)
        }
        guard case .failure(let error) = outcome else {
            Issue.record("it has a score")
            return
        }
        #expect(
            error.message.hasPrefix("0 of 100 verdicts came; the first failure: bad-answer: the answer was cut off"))
    }

    @Test func aFewThatFailOnBothSidesLeaveTheScore() async throws {
        let score = try await judged { verdicts in
            verdicts.count == 5 && verdicts.prefix(2).allSatisfy(\.self)
                ? Completion(text: "Hm.", tokensIn: 5, tokensOut: 1) : Self.list(verdicts.map { $0 ? "1" : "0" })
        }.get()
        #expect(score.failed == 0 && (score.headline?.value ?? 0) > 0.95)
    }

    private func surprisal(_ reads: @escaping @Sendable (String) -> Bool) async -> Result<Score, ScoringError> {
        let judge = OddJudge(reads: reads)
        do {
            let plan = try SurprisalPlan(
                subject: Self.corpus.subject(1, judge: judge), heldOut: Self.corpus.heldOut(1),
                settings: SurprisalSettings())
            return .success(
                try await SurprisalScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 2))
        } catch {
            return .failure(error)
        }
    }

    @Test func textsThatCannotBeReadFailTheJobWithTheirReason() async throws {
        guard case .failure(let error) = await surprisal({ _ in false }) else {
            Issue.record("it has a score")
            return
        }
        #expect(error.message.contains("the first failure: bad-answer: no log-probability for some tokens"))
    }

    @Test func textsOfOneClassThatCannotBeReadFailTheJob() async throws {
        // The latent fires at this word.
        let outcome = await surprisal { !$0.contains(" w1 ") }
        #expect(throws: ScoringError.self) { try outcome.get() }
        #expect(try await surprisal { !$0.contains(" w70 ") || !$0.contains(" w71 ") }.get().headline != nil)
    }
}
