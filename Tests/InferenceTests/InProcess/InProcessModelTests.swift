import Dataflow
import Foundation
import Inference
import LanguageModels
import TestSupport
import Testing

@Suite struct InProcessModelTests {
    private let model: LanguageModel

    init() throws { model = try LanguageModel(path: GoldenFiles.path("architectures/llama")) }

    /// A text is its bytes; no token stops.
    private static let chat = ChatRenderer(
        render: { prompt in prompt.messages.flatMap { $0.content.utf8.map { UInt32($0) } } },
        encode: { $0.utf8.map { UInt32($0) } },
        decode: { $0.map { "\($0)" }.joined(separator: " ") }, stops: [])

    private static func prompt(_ number: Int) -> Prompt {
        Prompt(messages: [
            ChatMessage(role: .system, content: String(repeating: "Say what the words have in common. ", count: 4)),
            ChatMessage(role: .user, content: String(repeating: "word \(number) ", count: number % 5 + 1)),
        ])
    }

    @Test(arguments: [1, 2]) func callersAtTheSameTimeGetWhatTheyGetAlone(workers: Int) async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: workers, permits: CorePermits(count: 1))
        var completions: [Completion] = []
        var values: [AnswerLogProbabilities] = []
        for number in 0..<12 {
            let alone = InProcessModel(model: model, chat: Self.chat, workers: 1, permits: nil)
            completions.append(try await alone.complete(Self.prompt(number), maximumTokens: number))
            values.append(try await alone.logProbabilities(of: ["yes", "no", "n"], after: Self.prompt(number)))
        }
        try await withThrowingTaskGroup(of: (Int, Completion, AnswerLogProbabilities).self) { group in
            for number in 0..<12 {
                group.addTask {
                    async let values = judge.logProbabilities(of: ["yes", "no", "n"], after: Self.prompt(number))
                    let completion = try await judge.complete(Self.prompt(number), maximumTokens: number)
                    return (number, completion, try await values)
                }
            }
            for try await (number, completion, answer) in group {
                let expected = completions[number]
                #expect(completion.text == expected.text && completion.tokensOut == number)
                #expect(completion.tokensIn == expected.tokensIn && completion.isCutOff == expected.isCutOff)
                #expect(answer.values == values[number].values && answer.tokensIn == values[number].tokensIn)
            }
        }
        #expect(judge.digest == model.digest)
    }

    @Test func aCallerAloneIsHelpedAndGetsTheSame() async throws {
        let helped = InProcessModel(
            model: model, chat: Self.chat, workers: 3, permits: CorePermits(count: 3), activations: .int8)
        let alone = InProcessModel(model: model, chat: Self.chat, workers: 1, permits: nil)
        for number in 0..<4 {
            let expected = try await alone.complete(Self.prompt(number), maximumTokens: 8)
            #expect(try await helped.complete(Self.prompt(number), maximumTokens: 8) == expected)
        }
        // The weights are floats, so that there is nothing that rounding would change.
        #expect(helped.digest == model.digest)
    }

    @Test func answersAreThoseOfASession() async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: 1, permits: nil)
        let tokens = Self.chat.render(Self.prompt(3))
        let session = try GenerationSession(model: model)
        let generated = try session.generate(prompt: tokens, maximumTokens: 8)
        let found = try await judge.complete(Self.prompt(3), maximumTokens: 8)
        #expect(
            found
                == Completion(
                    text: Self.chat.decode(generated), tokensIn: tokens.count, tokensOut: 8, tokensCached: 0,
                    isCutOff: true))
        session.truncate(to: 0)
        _ = try session.extend(tokens)
        let expected = try session.logProbabilities(of: [Self.chat.encode("yes"), Self.chat.encode("no")])
        let values = try await judge.logProbabilities(of: ["yes", "no"], after: Self.prompt(3)).values
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 } && values.count == 2)
    }

    @Test func whatAnEarlierPromptBeganWithIsCountedAsCached() async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: 1, permits: nil)
        let rules = ChatMessage(role: .system, content: "Say whether the words are there. ")
        func ask(_ words: String) -> Prompt {
            Prompt(messages: [rules, ChatMessage(role: .user, content: words)])
        }
        let first = try await judge.logProbabilities(of: ["yes", "no"], after: ask("a river"))
        #expect(first.tokensCached == 0)
        let second = try await judge.logProbabilities(of: ["yes", "no"], after: ask("a stone"))
        #expect(second.tokensCached == rules.content.utf8.count + 2 && second.tokensIn == rules.content.utf8.count + 7)
        // The last token is always computed, for what comes after it.
        let again = try await judge.complete(ask("a stone"), maximumTokens: 1)
        #expect(again.tokensCached == again.tokensIn - 1)
    }

    @Test func drawnAnswersFollowFromTheirSeed() async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: 2, permits: nil)
        @Sendable func answer(_ seed: UInt64, _ temperature: Double = 1) async throws -> Completion {
            try await judge.complete(
                Self.prompt(3), maximumTokens: 8, drawn: AnswerSampling(temperature: temperature, seed: seed))
        }
        let answers = await mapConcurrently(Array(1...6), limit: 6) { seed in
            try? await answer(UInt64(seed))
        }
        #expect(Set(answers.map { $0?.text }).count == 6)
        for seed in 1...6 { #expect(try await answer(UInt64(seed)).text == answers[seed - 1]?.text) }
        // Next to nothing but the likeliest token is left at a temperature that is nearly 0.
        let greedy = try await judge.complete(Self.prompt(3), maximumTokens: 8)
        #expect(try await answer(1, 1e-6).text == greedy.text)
        await #expect { try await answer(1, 0) } throws: { ($0 as? InferenceError)?.kind == .unsupported }
    }

    @Test func aCallerWhoLeavesGetsNoAnswerAndDisturbsNobody() async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: 1, permits: CorePermits(count: 1))
        let long = Task { try await judge.complete(Self.prompt(1), maximumTokens: 100_000) }
        let expected = try await judge.complete(Self.prompt(2), maximumTokens: 5)
        long.cancel()
        await #expect { try await long.value } throws: { ($0 as? InferenceError)?.kind == .cancelled }
        #expect(try await judge.complete(Self.prompt(2), maximumTokens: 5).text == expected.text)
    }

    @Test func whatCannotBeAskedIsNamed() async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: 1, permits: nil)
        await #expect { try await judge.complete(Prompt(messages: []), maximumTokens: 5) } throws: {
            ($0 as? InferenceError)?.kind == .unsupported
        }
        await #expect { try await judge.complete(Self.prompt(1), maximumTokens: .max) } throws: {
            ($0 as? InferenceError)?.kind == .tooLong
        }
        await #expect { try await judge.logProbabilities(of: ["a", ""], after: Self.prompt(1)) } throws: {
            ($0 as? InferenceError)?.kind == .unsupported
        }
        // A token that the model does not have.
        let model = judge.model
        await #expect { try await model.generate(prompt: [9999], maximumTokens: 1) } throws: {
            ($0 as? InferenceError)?.kind == .badAnswer
        }
    }

    @Test func whatFitsNoWorkersMemoryIsNamed() async throws {
        let limits = GenerationLimits(jobs: 4, cacheBytes: model.keyValueBytes(tokens: 64), prefixBytes: 0)
        let shared = BatchedModel(model: model, workers: 1, permits: nil, limits: limits)
        await #expect { try await shared.generate(prompt: [1], maximumTokens: 100) } throws: {
            ($0 as? InferenceError)?.kind == .tooLong
        }
        // Several that fit one after the other only.
        try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for _ in 0..<5 { group.addTask { try await shared.generate(prompt: [1], maximumTokens: 40) } }
            let first = try await group.next()
            for try await tokens in group { #expect(tokens == first && tokens.count == 40) }
        }
    }

    @Test func aTextHasTheProbabilityOfEveryOneOfItsTokens() async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: 1, permits: nil)
        let prefix = "Names of metals.\n"
        let session = try GenerationSession(model: model)
        _ = try session.extend(Self.chat.encode(prefix))
        for text in ["a", " copper", "tin and nickel fell again on Tuesday"] {
            let expected = try session.logProbabilities(ofText: Self.chat.encode(text)).reduce(0, +)
            let found = try await judge.logProbability(of: text, after: prefix)
            #expect(abs(found.value - expected) < 1e-4)
            #expect(found.tokens == text.utf8.count && found.tokensIn == prefix.utf8.count + text.utf8.count)
        }
        await #expect { try await judge.logProbability(of: "a", after: "") } throws: {
            ($0 as? InferenceError)?.kind == .unsupported
        }
    }

    @Test func alternativesAtPlacesAreThoseOfOneForwardPassEach() async throws {
        let judge = InProcessModel(model: model, chat: Self.chat, workers: 2, permits: nil)
        // Tokens are bytes, so that 10 has two and begins with 1.
        let names = (0...10).map(String.init)
        let text = PlacedText(prefix: "Description: metals\n", pieces: [" the\t", "?\n tin\t", "?\n sold\t"])
        let found = try await judge.logProbabilities(of: names, in: text)
        #expect(found.values.count == 3 && found.tokensIn == (text.prefix + text.pieces.joined()).utf8.count)
        var before = text.prefix
        for (piece, values) in zip(text.pieces, found.values) {
            before += piece
            let session = try GenerationSession(model: model)
            _ = try session.extend(Self.chat.encode(before))
            var expected = try session.logProbabilities(of: names.map(Self.chat.encode))
            expected[1] = log(exp(expected[1]) - exp(expected[10]))
            #expect(values.count == 11)
            #expect(zip(values, expected).allSatisfy { abs(($0 ?? 99) - $1) < 1e-4 })
        }
        #expect(try await judge.logProbabilities(of: names, in: text) == found)
    }
}
