import Foundation
import RuleJudgeServer
import Testing

@testable import Inference

/// The judge with its real transport against a server on this machine.
@Suite(.timeLimit(.minutes(5))) struct OpenAIEndpointTests {
    private static let prompt = Prompt(messages: [
        .system("Answer with a JSON list and nothing else."),
        .user("Explanation: the token cat\nExample 1: a cat sat\nExample 2: a dog"),
    ])

    /// Asks a server, or what is left of it, once.
    private func ask(
        _ server: RuleJudgeServer, clock: OpenAITestClock = OpenAITestClock(), attempts: Int = 5,
        configure: (inout OpenAIConfiguration) -> Void = { _ in }
    ) async throws -> Result<Completion, InferenceError> {
        var configuration = OpenAIConfiguration(endpoint: server.endpoint, model: "rule")
        configuration.retry.maximumAttempts = attempts
        configure(&configuration)
        let transport = AsyncHTTPClientTransport(concurrency: configuration.concurrency)
        let judge = try OpenAIModel(.fixed(configuration, transport, clock: clock))
        let result: Result<Completion, InferenceError>
        do {
            result = .success(try await judge.complete(Self.prompt, maximumTokens: 9))
        } catch {
            result = .failure(error)
        }
        try await transport.close()
        return result
    }

    private func failure(_ result: Result<Completion, InferenceError>) -> InferenceError? {
        if case .failure(let error) = result { error } else { nil }
    }

    @Test func theAnswerTheKeyAndTheCountsGoOverTheWire() async throws {
        let server = try await RuleJudgeServer.start(key: "sk-1")
        let answer = try await ask(server) { $0.key = APIKey("sk-1") }.get()
        #expect(answer.text == "[1, 0]")
        #expect(answer.tokensOut == 2)
        let request = try #require(server.requests.first)
        #expect(answer.tokensIn == request.chat?.words)
        #expect(request.authorization == "Bearer sk-1")
        #expect(request.chat?.messages.map(\.content) == Self.prompt.messages.map(\.content))
        #expect(request.chat?.max_tokens == 9)
        let refused = failure(try await ask(server) { $0.key = APIKey("sk-2") })
        #expect(refused?.kind == .refused)
        #expect(refused?.message == "rule at \(server.endpoint): the endpoint answered 401: wrong key")
        #expect(server.requests.count == 2)
        await server.stop()
    }

    @Test func asManyRequestsAsAllowedAreUnderWayAndNoMore() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .waits)
        var configuration = OpenAIConfiguration(endpoint: server.endpoint, model: "rule")
        configuration.concurrency = 3
        let transport = AsyncHTTPClientTransport(concurrency: 3)
        let judge = try OpenAIModel(.fixed(configuration, transport))
        let answers = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                group.addTask { try? await judge.complete(Self.prompt, maximumTokens: 5).text }
            }
            await server.received(3)
            server.release()
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(answers == [String?](repeating: "[1, 0]", count: 20))
        #expect(server.mostUnderWay == 3)
        #expect(server.requests.count == 20)
        try await transport.close()
        await server.stop()
    }

    @Test func theServersWaitIsKeptInSecondsAndAsADateAndOurOwnIsJittered() async throws {
        let server = try await RuleJudgeServer.start()
        let clock = OpenAITestClock()
        server.expect(
            .answers(429, headers: ["Retry-After": "7"]), .answers(429),
            .answers(503, headers: ["Retry-After": "Sun, 06 Nov 1994 08:49:47 GMT"]))
        #expect(try await ask(server, clock: clock).get().text == "[1, 0]")
        #expect(clock.waits == [.milliseconds(7250), .milliseconds(500), .milliseconds(10_250)])
        await server.stop()
    }

    @Test func aConnectionThatBreaksBeforeOrInsideTheAnswerIsTriedAgain() async throws {
        let server = try await RuleJudgeServer.start()
        let clock = OpenAITestClock()
        server.expect(.resets, .cuts, .resets)
        #expect(try await ask(server, clock: clock).get().text == "[1, 0]")
        #expect(server.requests.count == 4)
        #expect(clock.waits == [.milliseconds(250), .milliseconds(500), .seconds(1)])
        server.expect(then: .cuts)
        let error = failure(try await ask(server, attempts: 2))
        #expect(error?.kind == .unreachable)
        #expect(error?.message.hasPrefix("rule at \(server.endpoint): the endpoint cannot be reached: ") == true)
        #expect(server.requests.count == 6)
        await server.stop()
    }

    @Test func aServerThatNeverAnswersAndOneThatNeverEndsAreLeftWhenTheTimeIsUp() async throws {
        let server = try await RuleJudgeServer.start()
        for behaviour in [JudgeBehaviour.waits, .drips] {
            let before = server.requests.count
            server.expect(then: behaviour)
            let clock = OpenAITestClock()
            async let result = ask(server, clock: clock, attempts: 2)
            await server.received(before + 1)
            clock.timeOut()
            let error = failure(try await result)
            #expect(
                error == InferenceError(.timedOut, "rule at \(server.endpoint): no answer within 120.0 seconds"))
            server.release()
        }
        await server.stop()
    }

    @Test func aBodyThatIsTooLargeIsNotReadToItsEnd() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .answers(200, body: String(repeating: "x", count: 3 << 20)))
        let error = failure(try await ask(server, attempts: 2) { $0.maximumResponseBytes = 1 << 16 })
        #expect(
            error
                == InferenceError(.garbled, "rule at \(server.endpoint): the endpoint's answer is over 65536 bytes"))
        #expect(server.requests.count == 2)
        await server.stop()
    }

    @Test(arguments: [
        "{}", "[]", #"{"choices":[]}"#, #"{"choices":[{"message":{"content":7}}]}"#,
    ])
    func anAnswerOfAnotherFormIsNotAskedForTwice(body: String) async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .answers(200, body: body))
        let error = failure(try await ask(server))
        #expect(error?.kind == .badAnswer)
        #expect(error?.message.hasPrefix("rule at \(server.endpoint): the endpoint's answer ") == true)
        #expect(server.requests.count == 1)
        await server.stop()
    }

    @Test(arguments: ["<html>bad gateway</html>", "", #"{"choices":[{"message":{"cont"#, "\u{1}\u{2}"])
    func anAnswerThatIsNoWholeJSONIsAskedForAgain(body: String) async throws {
        let server = try await RuleJudgeServer.start()
        let clock = OpenAITestClock()
        server.expect(.answers(200, body: body), .answers(200, body: body))
        #expect(try await ask(server, clock: clock).get().text == "[1, 0]")
        #expect(server.requests.count == 3)
        #expect(clock.waits == [.milliseconds(250), .milliseconds(500)])
        server.expect(then: .answers(200, body: body))
        let error = failure(try await ask(server, attempts: 2))
        #expect(error?.kind == .garbled)
        #expect(error?.message.hasPrefix("rule at \(server.endpoint): the endpoint's answer is ") == true)
        await server.stop()
    }

    @Test func aRedirectIsNotFollowedSoThatNothingGoesToAHostThatNobodyNamed() async throws {
        let (server, other) = (try await RuleJudgeServer.start(), try await RuleJudgeServer.start())
        server.expect(then: .answers(307, headers: ["Location": other.endpoint + "/chat/completions"]))
        let error = failure(try await ask(server) { $0.key = APIKey("sk-1") })
        #expect(error?.kind == .refused)
        #expect(server.requests.count == 1 && other.requests.isEmpty)
        await server.stop()
        await other.stop()
    }

    @Test func nobodyThereIsSaidWithHostAndPort() async throws {
        let server = try await RuleJudgeServer.start()
        await server.stop()
        let clock = OpenAITestClock()
        let error = failure(try await ask(server, clock: clock, attempts: 3))
        #expect(
            error
                == InferenceError(
                    .unreachable,
                    "rule at \(server.endpoint): the endpoint cannot be reached: "
                        + "Connection refused"))
        #expect(clock.waits == [.milliseconds(250), .milliseconds(500)])
    }

    @Test func encryptionThatTheServerDoesNotSpeakIsSaidPlainly() async throws {
        let server = try await RuleJudgeServer.start()
        let error = failure(
            try await ask(server, attempts: 1) { $0.endpoint = $0.endpoint.replacing("http://", with: "https://") })
        #expect(error?.kind == .unreachable)
        #expect(error?.message.contains("TLS") == true)
        #expect(server.requests.isEmpty)
        await server.stop()
    }
}
