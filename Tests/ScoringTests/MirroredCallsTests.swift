import Elements
import Hashing
import Inference
import Testing

@testable import Scoring

@Suite struct MirroredCallsTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    /// A judge that takes no notice of the explanation: yes wherever a marked word is marked in another example of the call.
    private struct Recurring: LanguageModelClient {
        var name: String { "recurring" }
        var digest: Hash128 { Hash128(high: 9, low: 9) }
        var offersLogProbabilities: Bool { false }

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            let lines = (prompt.messages.last?.content ?? "").split(separator: "\n").dropFirst().map(Self.marked)
            let verdicts = lines.indices.map { place in
                lines.indices.contains { $0 != place && !lines[$0].isDisjoint(with: lines[place]) } ? "1" : "0"
            }
            return Completion(text: "[" + verdicts.joined(separator: ", ") + "]", tokensIn: 9, tokensOut: 9)
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            throw InferenceError(.unsupported, "not asked")
        }

        private static func marked(in line: Substring) -> Set<Substring> {
            Set(
                line.split(separator: "<").dropFirst().flatMap { part in
                    part.prefix { $0 != ">" }.split(separator: " ")
                })
        }
    }

    private func plan(_ latent: Int, perPrompt: Int = 5, stopping: Stopping? = nil) throws -> ScoringPlan {
        var settings = JudgedSettings(method: .fuzzing)
        settings.examplesPerPrompt = perPrompt
        settings.stopping = stopping
        return try Self.corpus.plan(latent, settings: settings, judge: Recurring(), tokenDecoder: Self.text)
    }

    @Test(arguments: [1, 2, 4, 5, 9]) func aJudgeThatLooksForWhatRecursWithinACallIsAtChance(perPrompt: Int)
        async throws
    {
        for latent in 0..<6 {
            let score = try await JudgedScorer.run(
                plan(latent, perPrompt: perPrompt), judge: Recurring(), tokenDecoder: Self.text, concurrency: 1
            ).score
            #expect(score.judged == 100 && score.failed == 0)
            #expect(abs((score.headline?.value ?? 0) - 0.5) <= 0.02, "latent \(latent)")
        }
    }

    /// The marked token of a latent of one token recurs in each call, and so does one of its negatives.
    @Test func callsAreFilledWhereSilentWindowsAllowIt() throws {
        for latent in 0..<6 {
            let plan = try plan(latent)
            #expect(plan.questions.count == 100 && plan.calls.count <= 30)
            #expect(plan.calls.reduce(0) { $0 + $1.count } == 100)
            for call in plan.calls {
                let questions = plan.questions[call]
                #expect(questions.count <= 4 && 2 * questions.count(where: \.isPositive) == questions.count)
            }
            let positives = plan.questions.filter(\.isPositive)
            #expect(Set(positives.map(\.identity)).count == 50)
        }
    }

    @Test func stoppingFindsAsManyOfBothClassesAfterEachCall() throws {
        let plan = try plan(2, stopping: Stopping(rule: .verdict))
        for call in plan.calls {
            let asked = plan.questions[..<call.upperBound]
            #expect(2 * asked.count(where: \.isPositive) == asked.count)
        }
    }

    @Test func thePlaceInACallSaysNothing() throws {
        let calls = try (0..<6).flatMap { latent in
            let plan = try plan(latent)
            return plan.calls.map { plan.questions[$0.lowerBound].isPositive }
        }
        let first = Double(calls.count { $0 }) / Double(calls.count)
        #expect(abs(first - 0.5) < 0.12, "\(first)")
    }
}
