import Foundation
import Synchronization
import Testing

@testable import Inference

/// Servers that refuse what others take, in the words that they refuse it with.
@Suite struct OpenAIDialectTests {
    private let prompt = Prompt(messages: [.system("Be brief."), .user("Which?")])

    private func model(
        _ transport: any HTTPTransport, configure: (inout OpenAIConfiguration) -> Void = { _ in }
    ) throws -> OpenAIModel {
        var configuration = OpenAIConfiguration(endpoint: "https://host.example/v1", model: "m")
        configuration.retry.maximumAttempts = 1
        configure(&configuration)
        return try OpenAIModel(
            OpenAIConnection(
                configuration: configuration, transport: transport, clock: OpenAITestClock(), random: { 0.5 },
                now: { 0 },
                note: { [said] in said.add($0) }))
    }

    /// A test's own.
    private let said = Said()
    private var told: [String] { said.lines }

    private final class Said: Sendable {
        private let state = Mutex<[String]>([])
        var lines: [String] { state.withLock(\.self) }
        func add(_ line: String) { state.withLock { $0.append(line) } }
    }

    /// GPT-5 and the o-series.
    private let gpt5 = ParticularTransport { request in
        if request["max_tokens"] != nil {
            return .refusal(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                param: "max_tokens")
        }
        if let temperature = request["temperature"] as? Double, temperature != 1 {
            return .refusal(
                "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
                param: "temperature")
        }
        if request["top_p"] != nil {
            return .refusal("Unsupported parameter: 'top_p' is not supported with this model.", param: "top_p")
        }
        return .chat("[1]")
    }

    @Test func whatAServerRefusesIsLearntOnceAndRemembered() async throws {
        let model = try model(gpt5)
        for _ in 0..<3 { #expect(try await model.complete(prompt, maximumTokens: 5).text == "[1]") }
        #expect(gpt5.requests.count == 5)
        #expect(gpt5.requests.last?["max_completion_tokens"] as? Int == 5)
        #expect(gpt5.requests.last?["temperature"] == nil)
        let drawn = AnswerSampling(temperature: 0.7, seed: 1)
        #expect(try await model.complete(prompt, maximumTokens: 5, drawn: drawn).text == "[1]")
        #expect(gpt5.requests.count == 7)
        let place = "m at https://host.example/v1: "
        #expect(
            told == [
                place + "it wants max_completion_tokens in place of max_tokens",
                place + "it takes no other temperature than its own, so that answers may differ from call to call",
                place + "it takes no top_p",
            ])
    }

    @Test func manyAtOnceLearnItOnce() async throws {
        let model = try model(gpt5)
        let prompt = prompt
        let answers = await mapConcurrently(Array(0..<30), limit: 8) { _ in
            try? await model.complete(prompt, maximumTokens: 5).text
        }
        #expect(answers == [String?](repeating: "[1]", count: 30))
        #expect(told.count == 2)
    }

    @Test func whatIsConfiguredIsNotLearntAnew() async throws {
        let model = try model(gpt5) {
            $0.tokenLimitField = "max_completion_tokens"
            $0.sendsTemperature = false
            $0.extra = ["reasoning_effort": "\"low\"", "max_completion_tokens": "900"]
        }
        #expect(try await model.complete(prompt, maximumTokens: 5).text == "[1]")
        #expect(gpt5.requests.count == 1 && told.isEmpty)
        #expect(gpt5.requests[0]["reasoning_effort"] as? String == "low")
        #expect(gpt5.requests[0]["max_completion_tokens"] as? Int == 900)
    }

    @Test func theCacheKeyIsSentWhereItIsAskedForAndChangesNoAnswer() async throws {
        let prompt = Prompt(messages: [.system("rules"), .user("a")], sharedMessages: 1)
        var digests: Set<String> = []
        for sends in [false, true] {
            let transport = OpenAIScriptedTransport(.chat("b"))
            var configuration = OpenAIConfiguration(endpoint: "https://h/v1", model: "m")
            configuration.sendsCacheKey = sends
            let judge = try OpenAIModel(.fixed(configuration, transport))
            _ = try await judge.complete(prompt, maximumTokens: 5)
            #expect(transport.fields()?["prompt_cache_key"] as? String == (sends ? prompt.cacheKey : nil))
            digests.insert("\(judge.digest)")
        }
        #expect(digests.count == 1)
    }

    @Test func extraMembersAreSentAsTheyAreAndSetDigestsApart() async throws {
        let transport = ParticularTransport { _ in .chat("x") }
        let plain = try model(transport)
        let set = try model(transport) {
            $0.extra = ["chat_template_kwargs": #"{"enable_thinking":false}"#, "temperature": "0.6", "top_k": "20"]
        }
        _ = try await set.complete(prompt, maximumTokens: 5)
        let request = transport.requests[0]
        #expect(request["chat_template_kwargs"] as? [String: Bool] == ["enable_thinking": false])
        #expect(request["temperature"] as? Double == 0.6 && request["top_k"] as? Int == 20)
        #expect(request["max_tokens"] as? Int == 5)
        #expect(plain.digest != set.digest)
        #expect(plain.digest != (try model(transport) { $0.sendsTemperature = false }).digest)
        #expect(plain.digest == (try model(transport) { $0.tokenLimitField = "max_completion_tokens" }).digest)
    }

    @Test(arguments: [
        "This model does not support assistant message prefill. The conversation must end with a user message.",
        "Prefilling assistant messages is not supported for this model.",
    ])
    func aStartOfAnAnswerIsLeftOutWhereItIsRefused(words: String) async throws {
        let transport = ParticularTransport { request in
            let last = (request["messages"] as? [[String: String]])?.last?["role"]
            return last == "assistant" ? .refusal(words) : .chat("The change: \"dogs\"")
        }
        let model = try model(transport)
        let start = Prompt(messages: [.user("u")], answerPrefix: "The change: \"")
        for _ in 0..<2 { #expect(try await model.complete(start, maximumTokens: 5).text == "dogs\"") }
        #expect(transport.requests.count == 3)
        #expect(transport.requests[2]["max_tokens"] as? Int == 5 + 13)
    }

    @Test(arguments: [
        "Developer instruction is not enabled for this model", "System role not supported",
    ])
    func rulesGoIntoTheFirstQuestionWhereThereIsNoRoleForThem(words: String) async throws {
        let transport = ParticularTransport { request in
            let first = (request["messages"] as? [[String: String]])?.first?["role"]
            return first == "system" ? .refusal(words) : .chat("a")
        }
        #expect(try await model(transport).complete(prompt, maximumTokens: 5).text == "a")
        #expect(
            transport.requests[1]["messages"] as? [[String: String]]
                == [["role": "user", "content": "Be brief.\n\nWhich?"]])
    }

    @Test func fewerTokensAreAskedForWhereTheServerHasABound() async throws {
        let transport = ParticularTransport { request in
            guard let count = request["top_logprobs"] as? Int, count <= 5 else {
                return .refusal("top_logprobs must be between 0 and 5", param: "top_logprobs")
            }
            return .likeliest([("Yes", -0.1), ("No", -2.4)])
        }
        let model = try model(transport)
        for _ in 0..<2 {
            let found = try await model.logProbabilities(of: ["Yes", "No"], after: prompt).values
            #expect(abs(found[0] + 0.1) < 1e-9 && abs(found[1] + 2.4) < 1e-9)
        }
        #expect(transport.requests.count == 3)
        #expect(told == ["m at https://host.example/v1: it gives the 5 likeliest tokens at most"])
    }

    @Test func anUnknownFieldOfVLLMsIsLeftOut() async throws {
        let transport = ParticularTransport { request in
            request["continue_final_message"] != nil
                ? .refusal("extra fields not permitted: continue_final_message", status: 422) : .chat("b")
        }
        let model = try model(transport) { $0.prefill = .continueFinalMessage }
        let start = Prompt(messages: [.user("u")], answerPrefix: "a")
        #expect(try await model.complete(start, maximumTokens: 5).text == "b")
        #expect((transport.requests[1]["messages"] as? [[String: String]])?.last?["role"] == "assistant")
    }

    @Test(arguments: [
        HTTPResponse.chat("", finish: "length", reasoning: "Well"), .chat("<think>\nWell", finish: "length"),
        .chat(" ", finish: "length"),
    ])
    func aModelThatThinksIsGivenRoomOnceItWasSeenTo(thought: HTTPResponse) async throws {
        let transport = ParticularTransport { request in
            (request["max_tokens"] as? Int ?? 0) < 500 ? thought : .chat("<think>Well.</think>[1]")
        }
        let model = try model(transport) { $0.thinkingTokens = 600 }
        let first = try await model.complete(prompt, maximumTokens: 64)
        #expect(try first.whole() == "[1]")
        // What was lost has been paid for.
        #expect(first.tokensIn == 20 && first.tokensOut == 8)
        #expect(try await model.complete(prompt, maximumTokens: 64).tokensIn == 10)
        #expect(transport.requests.map { $0["max_tokens"] as? Int } == [64, 664, 664])
        #expect(told.count == 1)
        let without = try self.model(transport) { $0.thinkingTokens = 0 }
        let answer = try? await without.complete(prompt, maximumTokens: 64)
        #expect(answer == nil || (try? answer?.whole()) == nil)
        #expect(transport.requests.count == 4)
    }

    @Test(arguments: ["no", "Unknown field: response_format", "temperature and max_tokens"])
    func whatTeachesNothingIsRefusedAtOnceOrAfterOneMoreTry(words: String) async throws {
        let transport = ParticularTransport { _ in .refusal(words) }
        let error = try await model(transport).failure(of: prompt)
        #expect(error?.kind == .refused && error?.message.hasSuffix(words) == true)
        #expect(transport.requests.count <= 2)
    }

    @Test func aWrongKeyTeachesNothing() async throws {
        let transport = ParticularTransport { _ in .refusal("temperature", status: 401) }
        #expect(try await model(transport).failure(of: prompt)?.kind == .refused)
        #expect(transport.requests.count == 1 && told.isEmpty)
    }
}
