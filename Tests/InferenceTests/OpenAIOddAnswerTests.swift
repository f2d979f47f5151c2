import Foundation
import Testing

@testable import Inference

/// What servers answer in ways of their own, taken from public reports.
@Suite struct OpenAIOddAnswerTests {
    private let prompt = Prompt(messages: [.user("Which?")])

    private func model(_ steps: [OpenAIScriptedTransport.Step]) throws -> (OpenAIModel, OpenAIScriptedTransport) {
        let transport = OpenAIScriptedTransport(steps[0], steps.count > 1 ? steps[1] : steps[0])
        var configuration = OpenAIConfiguration(endpoint: "https://host.example/v1", model: "m")
        configuration.retry.maximumAttempts = 2
        return (try OpenAIModel(.fixed(configuration, transport)), transport)
    }

    private static func choice(_ content: String, finish: String, more: String = "") -> String {
        #"{"choices":[{"index":0,"finish_reason":"\#(finish)"\#(more),"message":{"content":\#(content)}}],"usage":null}"#
    }

    private static let upstream = #","error":{"code":502,"message":"Upstream idle timeout"}"#

    @Test(arguments: [
        choice(#""[EXPLANATION]: The wo""#, finish: "error", more: upstream),
        choice(#""""#, finish: "error", more: upstream),
        choice(#""x""#, finish: "stop", more: upstream), choice("null", finish: "error", more: upstream),
        #"{"error":{"message":"Upstream idle timeout","code":"502"}}"#,
    ])
    func whatBrokeOffBehindTheEndpointIsTriedAgainAndSaysSo(body: String) async throws {
        let (mended, _) = try model([.ok(body), .chat("ok")])
        #expect(try await mended.complete(prompt, maximumTokens: 5).text == "ok")
        let (broken, transport) = try model([.ok(body)])
        let error = await broken.failure(of: prompt)
        #expect(error?.isRetriable == true && error?.message.contains("Upstream idle timeout") == true)
        #expect(transport.requests.count == 2)
    }

    @Test func anErrorCodeWrittenAsATextCounts() async throws {
        let (mended, _) = try model([.ok(#"{"error":{"message":"Rate limited","code":"429"}}"#), .chat("ok")])
        #expect(try await mended.complete(prompt, maximumTokens: 5).text == "ok")
        let (broken, _) = try model([.ok(#"{"error":{"message":"Rate limited","code":"429"}}"#)])
        let error = await broken.failure(of: prompt)
        #expect(error?.kind == .rateLimited)
        #expect(error?.message.hasSuffix("the endpoint answered 200 with the error 429: Rate limited") == true)
    }

    @Test func textAmongThoughtsIsTheAnswer() async throws {
        let pieces = #"[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"[1]"}]"#
        let (parts, _) = try model([.ok(Self.choice(pieces, finish: "stop"))])
        #expect(try await parts.complete(prompt, maximumTokens: 5).text == "[1]")
    }

    @Test(arguments: [#""""#, #"" \n""#, "null"])
    func anAnswerCutOffBeforeAnyTextSaysWhatToDo(content: String) async throws {
        let (cut, _) = try model([.ok(Self.choice(content, finish: "length"))])
        let error = await cut.failure(of: prompt)
        #expect(error?.kind == .badAnswer)
        #expect(error?.message.hasSuffix("before any text; allow more tokens (`thinking_tokens`)") == true)
    }

    @Test func anAnswerThatWasCutOffIsMarked() async throws {
        let (cut, _) = try model([.ok(Self.choice(#""[0, 1""#, finish: "length"))])
        #expect(try await cut.complete(prompt, maximumTokens: 5).isCutOff)
        let (whole, _) = try model([.ok(Self.choice(#""[0, 1]""#, finish: "end_turn"))])
        #expect(try await !whole.complete(prompt, maximumTokens: 5).isCutOff)
    }

    private func likeliest(_ tokens: String, finish: String = "length") -> OpenAIScriptedTransport.Step {
        .ok(
            Self.choice(
                #""Yes""#, finish: finish, more: #","logprobs":{"content":[{"top_logprobs":[\#(tokens)]}]}"#))
    }

    @Test func aNumberThatIsMissingIsLeftOut() async throws {
        let (judge, _) = try model([
            likeliest(
                #"{"token":"Yes","logprob":-0.1},{"token":"No","logprob":-2.4},{"token":"<unk>","logprob":null},"#
                    + #"{"token":"zz","logprob":-9999.0}"#)
        ])
        let values = try await judge.logProbabilities(of: ["Yes", "No"], after: prompt).values
        #expect(abs(values[0] + 0.1) < 1e-9 && abs(values[1] + 2.4) < 1e-9)
    }

    @Test func probabilitiesInPlaceOfTheirLogarithmsAreRefused() async throws {
        let (judge, _) = try model([likeliest(#"{"token":"Yes","logprob":0.9},{"token":"No","logprob":0.09}"#)])
        let error = await #expect(throws: InferenceError.self) {
            try await judge.logProbabilities(of: ["Yes", "No"], after: prompt)
        }
        #expect(error?.kind == .unsupported && error?.message.contains("0.9 for a log-probability") == true)
        // Rounding may bring one a little above 0.
        let (rounded, _) = try model([likeliest(#"{"token":"Yes","logprob":1e-6},{"token":"No","logprob":-12}"#)])
        #expect(try await rounded.logProbabilities(of: ["Yes", "No"], after: prompt).values[0] == 0)
    }

    @Test(arguments: [("content_filter", InferenceError.Kind.refused), ("error", .serverFailure)])
    func likeliestTokensOfNoAnswerAreNone(finish: String, kind: InferenceError.Kind) async throws {
        let tokens = #"{"token":"Yes","logprob":-0.1},{"token":"No","logprob":-2.4}"#
        let (judge, _) = try model([likeliest(tokens, finish: finish)])
        let error = await #expect(throws: InferenceError.self) {
            try await judge.logProbabilities(of: ["Yes", "No"], after: prompt)
        }
        #expect(error?.kind == kind)
    }

    private func echo(_ values: String, likeliest: String = "null") -> OpenAIScriptedTransport.Step {
        .ok(
            #"{"choices":[{"logprobs":{"tokens":["a"," b"," c"," d"],"token_logprobs":[\#(values)],"top_logprobs":\#(likeliest)}}]}"#
        )
    }

    @Test(arguments: [
        ("null,-1,-2,-3", Optional(-3.0)), ("null,-1,-9999,-3", nil), ("null,-1,null,-3", nil), ("0.0,-1,-2,-3", -3.0),
    ])
    func aTextWithATokenWithoutANumberIsNotRead(values: String, sum: Double?) async throws {
        let (judge, _) = try model([echo(values)])
        if let sum {
            #expect(try await judge.logProbability(of: " b c", after: "a").value == sum)
        } else {
            let error = await #expect(throws: InferenceError.self) {
                try await judge.logProbability(of: " b c", after: "a")
            }
            #expect(error?.kind == .badAnswer && error?.message.contains("1 of 2 tokens") == true)
        }
    }

    @Test func anEchoOfProbabilitiesIsRefused() async throws {
        let (judge, _) = try model([echo("null,0.4,0.2,0.1")])
        let error = await #expect(throws: InferenceError.self) {
            try await judge.logProbability(of: " b c", after: "a")
        }
        #expect(error?.kind == .unsupported && error?.message.contains("never above 0") == true)
    }
}
