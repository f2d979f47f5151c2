import Elements
import Hashing
import Inference
import Synchronization
import Testing

@testable import Scoring

/// What is made of what a model says about an intervention's effects.
@Suite struct OutputExplainingTests {
    /// Says a text as far as its limit allows, a word a token.
    private final class LimitedJudge: LanguageModelClient {
        let words: [Substring]
        let limits = Mutex<[Int]>([])
        var name: String { "limited" }
        var digest: Hash128 { Hash128(high: 1, low: 1) }
        var offersLogProbabilities: Bool { false }

        init(_ text: String) { words = text.split(separator: " ") }

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            limits.withLock { $0.append(maximumTokens) }
            return Completion(
                text: words.prefix(maximumTokens).joined(separator: " "), tokensIn: 10,
                tokensOut: min(words.count, maximumTokens), isCutOff: words.count >= maximumTokens)
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            throw InferenceError(.unsupported, "none")
        }
    }

    private func output(_ judge: LimitedJudge) async throws -> OutputExplaining.Output? {
        var settings = InterventionSettings()
        settings.explanationTokens = 3
        settings.drawing = nil
        let explaining = OutputExplaining(
            explainer: judge, tokenDecoder: ToyVocabulary(words: 5), settings: settings, seed: 1)
        return try await explaining.output(of: [OutputPrompt.Effect(prompt: [1], rising: [2])], latent: 0)
    }

    @Test func wordsThatAreClosedAreTakenHoweverTheAnswerEnds() async throws {
        let judge = LimitedJudge("cats and\" so it is")
        #expect(try await output(judge)?.text == "cats and")
        #expect(judge.limits.withLock { $0 } == [3])
    }

    @Test func wordsThatWereCutOffAreAskedForOnceMoreWithMoreRoom() async throws {
        let judge = LimitedJudge("all kinds of small dogs\" and so on")
        let output = try await output(judge)
        #expect(output?.text == "all kinds of small dogs")
        #expect(judge.limits.withLock { $0 } == [3, 12])
        #expect(output?.tokensIn == 20 && output?.tokensOut == 3 + 8)
    }

    @Test func wordsThatNeverEndAreNoExplanation() async throws {
        let judge = LimitedJudge(String(repeating: "and ", count: 50))
        #expect(try await output(judge) == nil)
        #expect(judge.limits.withLock { $0 } == [3, 12])
    }
}
