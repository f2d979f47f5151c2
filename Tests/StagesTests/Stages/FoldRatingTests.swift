import Elements
import Explaining
import Hashing
import Inference
import StateFixtures
import Testing

@testable import Stages

@Suite struct FoldRatingTests {
    /// Says yes to windows with a word in them, or fails.
    private struct Reader: LanguageModelClient {
        let name = "reader"
        let digest = Fixture.hash(31)
        let offersLogProbabilities = true
        var word = "w5"
        var failure: InferenceError?

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            throw InferenceError(.unsupported, "asked for a list")
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            if let failure { throw failure }
            let isYes = prompt.messages.last?.content.contains(" \(word) ") == true
            return AnswerLogProbabilities(values: isYes ? [-0.1, -3] : [-3, -0.1], tokensIn: 10, tokensOut: 1)
        }
    }

    private func rating(by judge: Reader) async throws -> CandidateRating {
        try await FoldRating(judge: judge, tokenDecoder: PlantedWords(), seed: 7)(
            Fixture.explanation(1, text: "dates"), (0..<4).map { Fixture.example([100 + $0, 5, 200]) },
            (0..<4).map { Fixture.pooled([100 + $0, 6, 200], isTrain: true) })
    }

    @Test(arguments: [("w5", 1.0), ("w6", 0.0)])
    func aCandidateIsWorthTheShareOfWindowsThatAreToldRight(word: String, value: Double) async throws {
        let rating = try await rating(by: Reader(word: word))
        #expect(rating.value == value && rating.tokensIn == 80 && rating.tokensOut == 8)
    }

    @Test func aJudgeThatCannotSayLeavesTheCandidateUnrated() async throws {
        #expect(try await rating(by: Reader(failure: InferenceError(.badAnswer, "?"))).value == nil)
    }

    @Test func aJudgeThatCannotBeReachedFailsTheJobForNow() async {
        let error = await #expect(throws: ExplainingError.self) {
            try await rating(by: Reader(failure: InferenceError(.unreachable, "connection refused")))
        }
        #expect(error?.kind == .inference && error?.isRetriable == true)
        #expect(error?.message.contains("connection refused") == true)
    }
}
