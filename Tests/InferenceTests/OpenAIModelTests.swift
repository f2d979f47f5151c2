import Foundation
import Hashing
import Synchronization
import Testing

@testable import Inference

@Suite struct OpenAIModelTests {
    /// How errors begin that name model and endpoint.
    private static let place = "gpt-x at https://host.example/v1: "
    private static let secret = "sk-very/secret-123"
    private let prompt = Prompt(messages: [.system("rules"), .user("Example 1: a cat")])

    private func judge(
        _ transport: OpenAIScriptedTransport, clock: OpenAITestClock = OpenAITestClock(),
        observe: @escaping @Sendable (InferenceError?) -> Void = { _ in },
        configure: ((inout OpenAIConfiguration) -> Void)? = nil
    ) throws -> OpenAIModel {
        var configuration = OpenAIConfiguration(
            endpoint: "https://host.example/v1/", model: "gpt-x", key: APIKey(Self.secret + "\n"))
        configure?(&configuration)
        return try OpenAIModel(.fixed(configuration, transport, clock: clock, observe: observe))
    }

    @Test func anAnswerComesWithItsTokenCounts() async throws {
        let transport = OpenAIScriptedTransport(.chat("[1, 0]"))
        let completion = try await judge(transport).complete(prompt, maximumTokens: 64)
        #expect(completion == Completion(text: "[1, 0]", tokensIn: 12, tokensOut: 3))
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://host.example/v1/chat/completions")
        #expect(request.headers["authorization"] == "Bearer \(Self.secret)")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"max_tokens":64,"messages":[{"content":"rules","role":"system"},{"content":"Example 1: a cat","#
                + #""role":"user"}],"model":"gpt-x","stream":false,"temperature":0}"#)
    }

    @Test func anAnswerIsDrawnAtItsTemperatureWithASeedThatServersTake() async throws {
        let transport = OpenAIScriptedTransport(.chat("cats"), .chat("dogs"))
        let judge = try judge(transport)
        let first = AnswerSampling(temperature: 0.7, seed: .max)
        #expect(try await judge.complete(prompt, maximumTokens: 20, drawn: first).text == "cats")
        let other = AnswerSampling(temperature: 1.5, seed: 5 << 33)
        #expect(try await judge.complete(prompt, maximumTokens: 20, drawn: other).text == "dogs")
        let bodies = transport.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies[0].hasSuffix(#""seed":2147483647,"stream":false,"temperature":0.7,"top_p":1}"#))
        #expect(bodies[1].hasSuffix(#""seed":5,"stream":false,"temperature":1.5,"top_p":1}"#))
        for temperature in [0, -1, .nan, .infinity] {
            await #expect { () async throws in
                let sampling = AnswerSampling(temperature: temperature, seed: 1)
                _ = try await judge.complete(prompt, maximumTokens: 20, drawn: sampling)
            } throws: { ($0 as? InferenceError)?.kind == .unsupported }
        }
        #expect(transport.requests.count == 2)
    }

    @Test func countsThatAreMissingAreZero() async throws {
        let bodies = [
            #"{"choices":[{"message":{"content":"yes"}}]}"#,
            #"{"choices":[{"message":{"content":"yes"}}],"usage":null}"#,
            #"{"choices":[{"message":{"content":"yes"}}],"usage":{"prompt_tokens":-3}}"#,
        ]
        for body in bodies {
            let completion = try await judge(OpenAIScriptedTransport(.ok(body))).complete(prompt, maximumTokens: 5)
            #expect(completion == Completion(text: "yes", tokensIn: 0, tokensOut: 0))
        }
    }

    @Test func tooManyRequestsIsTriedAgainAfterTheJitteredWait() async throws {
        let clock = OpenAITestClock()
        let seen = Mutex<[InferenceError.Kind?]>([])
        let transport = OpenAIScriptedTransport(
            .answer(429, [:], ""), .answer(503, [:], "busy"), .failure(.unreachable(reason: "refused")), .chat("ok"))
        let judge = try judge(transport, clock: clock, observe: { error in seen.withLock { $0.append(error?.kind) } })
        #expect(try await judge.complete(prompt, maximumTokens: 5).text == "ok")
        #expect(clock.waits == [.milliseconds(250), .milliseconds(500), .seconds(1)])
        #expect(seen.withLock { $0 } == [.rateLimited, .unavailable, .unreachable, nil])
        #expect(Set(transport.requests.map(\.body)).count == 1)
    }

    @Test(arguments: [
        ("7", Duration.milliseconds(7250)), ("Sun, 06 Nov 1994 08:49:47 GMT", .milliseconds(10_250)),
        ("99999999999999999999", .milliseconds(60_250)), ("soon", .milliseconds(250)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", .milliseconds(250)),
    ])
    func retryAfterIsHonouredAndCapped(value: String, wait: Duration) async throws {
        let clock = OpenAITestClock()
        let transport = OpenAIScriptedTransport(.answer(429, ["Retry-After": value], "{}"), .chat("ok"))
        #expect(try await judge(transport, clock: clock).complete(prompt, maximumTokens: 5).text == "ok")
        #expect(clock.waits == [wait])
    }

    @Test func aServerThatKeepsFailingIsGivenUp() async throws {
        let clock = OpenAITestClock()
        let transport = OpenAIScriptedTransport(.failure(.unreachable(reason: "connection refused\u{1b}[2J")))
        let error = try await judge(transport, clock: clock).failure(of: prompt)
        let message = Self.place + "the endpoint cannot be reached: connection refused[2J"
        #expect(error == InferenceError(.unreachable, message))
        #expect(transport.requests.count == 5)
        #expect(clock.waits.count == 4)
    }

    @Test func silenceEndsInATimeoutThatIsTriedAgain() async throws {
        let transport = OpenAIScriptedTransport(.silence)
        let judge = try judge(
            transport, clock: OpenAITestClock(timesOut: true), configure: { $0.retry.maximumAttempts = 3 })
        let error = await judge.failure(of: prompt)
        #expect(error == InferenceError(.timedOut, Self.place + "no answer within 120.0 seconds"))
        #expect(transport.requests.count == 3)
    }

    @Test(arguments: [(401, "refused"), (403, "refused"), (404, "refused"), (302, "refused"), (413, "too-long")])
    func whatCannotGetBetterIsNotTriedAgain(status: Int, kind: String) async throws {
        let transport = OpenAIScriptedTransport(.answer(status, ["Retry-After": "1"], #"{"error":{"message":"no"}}"#))
        let error = try await judge(transport).failure(of: prompt)
        #expect(error?.kind.rawValue == kind)
        #expect(error?.message == Self.place + "the endpoint answered \(status): no")
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [
        (429, #"{"error":{"message":"m","code":"insufficient_quota"}}"#, InferenceError.Kind.refused),
        (400, #"{"error":{"message":"m","code":"context_length_exceeded"}}"#, .tooLong),
        (400, #"{"error":{"message":"This model's maximum context length is 8","code":400}}"#, .tooLong),
        (400, #"{"error":{"message":"m","type":"invalid_request_error"}}"#, .refused),
        (200, #"{"error":{"message":"m","code":402}}"#, .refused),
    ])
    func theEndpointsOwnCodeIsRead(status: Int, body: String, kind: InferenceError.Kind) async throws {
        let transport = OpenAIScriptedTransport(.answer(status, [:], body))
        #expect(try await judge(transport).failure(of: prompt)?.kind == kind)
        #expect(transport.requests.count == 1)
    }

    @Test func aFailureInsideAnAnswerOf200IsTriedAgainWhereItsCodeSaysSo() async throws {
        let transport = OpenAIScriptedTransport(.ok(#"{"error":{"message":"upstream","code":502}}"#), .chat("ok"))
        #expect(try await judge(transport).complete(prompt, maximumTokens: 5).text == "ok")
    }

    @Test func aCodeInWordsInsideAnAnswerOf200IsTriedAgainWhereItIsAPassingOne() async throws {
        let transport = OpenAIScriptedTransport(.ok(#"{"error":{"message":"slowly","code":"429"}}"#), .chat("ok"))
        #expect(try await judge(transport).complete(prompt, maximumTokens: 5).text == "ok")
        let named = OpenAIScriptedTransport(.ok(#"{"error":{"message":"no","code":"model_not_found"}}"#))
        #expect(try await judge(named).failure(of: prompt)?.kind == .refused && named.requests.count == 1)
    }

    @Test func rubbishIsShownShortAndClean() async throws {
        let page = "<html>\n<h1>Bad\u{1b}[31m gateway</h1>" + String(repeating: "x", count: 5000)
        let error = try #require(try await judge(OpenAIScriptedTransport(.ok(page))).failure(of: prompt))
        #expect(error.kind == .garbled)
        let head = Self.place + "the endpoint's answer is no whole JSON: "
        #expect(error.message.hasPrefix(head + "<html> <h1>Bad[31m gateway</h1>xx"))
        #expect(error.message.count == head.count + 200)
    }

    @Test(arguments: [
        #"{"choices":[]}"#, #"{"choices":[{"message":{"content":null},"finish_reason":"length"}]}"#,
        #"{"choices":[{"message":{}}]}"#, #"{"choices":[{"message":{"content":[1]}}]}"#, "[]", "null",
    ])
    func anAnswerWithoutTextIsBad(body: String) async throws {
        #expect(try await judge(OpenAIScriptedTransport(.ok(body))).failure(of: prompt)?.kind == .badAnswer)
    }

    @Test(arguments: [
        #"{"choices":[{"message":{"content":null,"refusal":"I can't"}}]}"#,
        #"{"choices":[{"message":{"content":"x"},"finish_reason":"content_filter"}]}"#,
    ])
    func aModelThatDeclinesHasRefused(body: String) async throws {
        #expect(try await judge(OpenAIScriptedTransport(.ok(body))).failure(of: prompt)?.kind == .refused)
    }

    @Test func anAnswerThatIsTooLargeIsGarbled() async throws {
        let limit = { (configuration: inout OpenAIConfiguration) in configuration.maximumResponseBytes = 64 }
        let expected = InferenceError(.garbled, Self.place + "the endpoint's answer is over 64 bytes")
        let cut = OpenAIScriptedTransport(.failure(.tooLarge))
        #expect(try await judge(cut, configure: limit).failure(of: prompt) == expected)
        #expect(Set(cut.requests.map(\.maximumResponseBytes)) == [64] && cut.requests.count == 5)
        #expect(
            try await judge(OpenAIScriptedTransport(.chat("long enough")), configure: limit).failure(of: prompt)
                == expected)
    }

    @Test func theKeyIsNeverShown() async throws {
        let escaped = Self.secret.replacing("/", with: "\\/")
        let steps: [OpenAIScriptedTransport.Step] = [
            .answer(401, [:], #"{"error":{"message":"bad key \#(escaped)"}}"#),
            .answer(401, [:], "bad key \(Self.secret)"), .ok("echo: \(escaped)"),
            .ok(String(repeating: "y", count: 190) + Self.secret),
            .failure(.unreachable(reason: "header Bearer \(Self.secret)")),
        ]
        for step in steps {
            let error = try #require(try await judge(OpenAIScriptedTransport(step)).failure(of: prompt))
            #expect(!error.description.contains("secret"))
            #expect(error.description.contains("(redact"))
        }
        let judge = try judge(OpenAIScriptedTransport(.silence))
        var dumped = ""
        dump(judge, to: &dumped)
        #expect(!"\(judge)\(String(reflecting: judge))\(dumped)".contains("secret"))
    }

    @Test func messagesAreSentAsTheyStandMarksAndAll() async throws {
        let transport = OpenAIScriptedTransport(.chat("ok"))
        let marked = "pull<<s>> <<|>> <<think>> <</s>> a << b"
        _ = try await judge(transport).complete(Prompt(messages: [.user(marked)]), maximumTokens: 5)
        let messages = transport.fields()?["messages"] as? [[String: String]]
        #expect(messages?.first?["content"] == marked)
    }

    @Test func theStartOfAnAnswerIsSentAndTakenOffWhereItComesBack() async throws {
        let start = Prompt(messages: [.user("u")], answerPrefix: "[")
        for text in ["1, 0]", "[1, 0]"] {
            let transport = OpenAIScriptedTransport(.chat(text))
            #expect(try await judge(transport).complete(start, maximumTokens: 5).text == "1, 0]")
            let messages = transport.fields()?["messages"] as? [[String: String]]
            #expect(messages?.last == ["role": "assistant", "content": "["])
            #expect(transport.fields()?["continue_final_message"] == nil)
        }
        let vllm = OpenAIScriptedTransport(.chat("1]"))
        _ = try await judge(vllm, configure: { $0.prefill = .continueFinalMessage }).complete(start, maximumTokens: 5)
        #expect(vllm.fields()?["continue_final_message"] as? Bool == true)
        #expect(vllm.fields()?["add_generation_prompt"] as? Bool == false)
        // Where it takes none, the model begins by itself, and has room for that.
        let none = try judge(vllm, configure: { $0.prefill = .none })
        #expect(try await none.complete(start, maximumTokens: 5).text == "1]")
        #expect((vllm.fields(1)?["messages"] as? [[String: String]])?.last == ["role": "user", "content": "u"])
        #expect(vllm.fields(1)?["max_tokens"] as? Int == 6)
    }

    @Test func yesAndNoAreWeighedByTheFirstToken() async throws {
        let body = #"""
            {"choices":[{"message":{"content":"Yes"},"logprobs":{"content":[{"token":"Yes","logprob":-0.7,"top_logprobs":[
            {"token":"Yes","logprob":-0.6931471805599453},{"token":" yes","logprob":-2.0794415416798357},
            {"token":"No","logprob":-1.3862943611198906},{"token":"Nothing","logprob":-3.0}]}]}}],
            "usage":{"prompt_tokens":9,"completion_tokens":1}}
            """#
        let transport = OpenAIScriptedTransport(.ok(body))
        let judge = try judge(transport)
        let answer = try await judge.logProbabilities(of: ["Yes", "No"], after: prompt)
        #expect(abs(answer.values[0] - log(0.625)) < 1e-12)
        #expect(abs(answer.values[1] - log(0.25)) < 1e-12)
        #expect(answer.tokensIn == 9)
        #expect(answer.tokensOut == 1)
        #expect(transport.fields()?["logprobs"] as? Bool == true)
        #expect(transport.fields()?["top_logprobs"] as? Int == 20)
        #expect(transport.fields()?["max_tokens"] as? Int == 1)
    }

    @Test func logProbabilitiesThatAreNotOfferedOrNotGivenAreErrors() async throws {
        let transport = OpenAIScriptedTransport(.chat("Yes"))
        let plain = try judge(transport, configure: { $0.offersLogProbabilities = false })
        #expect(!plain.offersLogProbabilities)
        await #expect(
            throws: InferenceError(.unsupported, "the endpoint is not configured to give log-probabilities")
        ) {
            try await plain.logProbabilities(of: ["Yes", "No"], after: prompt)
        }
        #expect(transport.requests.isEmpty)
        let without = try judge(transport)
        #expect(without.offersLogProbabilities && !without.prefersLogProbabilities)
        let message =
            Self.place + "the endpoint gave no log-probabilities (top_logprobs); "
            + "give the nodes that score by it `answers: list`"
        await #expect(throws: InferenceError(.unsupported, message, tokensIn: 12, tokensOut: 3)) {
            try await without.logProbabilities(of: ["Yes", "No"], after: prompt)
        }
    }

    @Test func aRefusalThatSpeaksOfLogProbabilitiesSaysWhatToDo() async throws {
        let refusal = #"{"error":{"message":"unknown field top_logprobs"}}"#
        let refusing = try judge(OpenAIScriptedTransport(.answer(400, [:], refusal)))
        let error = await #expect(throws: InferenceError.self) {
            try await refusing.logProbabilities(of: ["Yes", "No"], after: prompt)
        }
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("answers: list") == true)
        #expect(await refusing.failure(of: prompt)?.kind == .refused)
    }

    @Test func noMoreThanTheAllowedRequestsAreUnderWay() async throws {
        let transport = OpenAIScriptedTransport(.chat("ok"))
        let judge = try judge(transport, configure: { $0.concurrency = 3 })
        let answers = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 {
                group.addTask { [prompt] in (try? await judge.complete(prompt, maximumTokens: 5))?.text == "ok" }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answers == 40)
        #expect(transport.requests.count == 40)
        #expect((1...3).contains(transport.mostUnderWay))
    }

    @Test func workThatIsCalledOffEndsAtOnce() async throws {
        let transport = OpenAIScriptedTransport(.silence)
        let judge = try judge(transport, configure: { $0.concurrency = 1 })
        let tasks = (0..<3).map { _ in Task { await judge.failure(of: prompt) } }
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value?.kind == .cancelled) }
    }
}
