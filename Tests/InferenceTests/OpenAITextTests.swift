import Foundation
import Testing

@testable import Inference

@Suite struct OpenAITextTests {
    private func judge(
        _ transport: OpenAIScriptedTransport, configure: (inout OpenAIConfiguration) -> Void = { _ in }
    ) throws -> OpenAIModel {
        var configuration = OpenAIConfiguration(endpoint: "https://host.example/v1", model: "gpt-x")
        configure(&configuration)
        return try OpenAIModel(.fixed(configuration, transport))
    }

    private static func answer(_ tokens: [String], _ values: String, _ likeliest: String = "null") -> String {
        let texts = tokens.map { "\"" + $0.replacing("\n", with: "\\n").replacing("\t", with: "\\t") + "\"" }
        return #"{"choices":[{"text":"","logprobs":{"tokens":[\#(texts.joined(separator: ","))],"#
            + #""token_logprobs":[\#(values)],"top_logprobs":\#(likeliest),"text_offset":[]}}],"#
            + #""usage":{"prompt_tokens":4,"completion_tokens":1}}"#
    }

    @Test func everyTokenOfATextCountsAndNoneBeforeOrBehindIt() async throws {
        let transport = OpenAIScriptedTransport(
            .ok(Self.answer(["<s>", "a", ":\n", " b", " c", "!"], "null,-9,-9,-0.5,-0.25,-9")))
        let judge = try judge(transport)
        #expect(judge.readsTexts)
        let found = try await judge.logProbability(of: " b c", after: "a:\n")
        #expect(found == TextLogProbability(value: -0.75, tokens: 2, tokensIn: 4, tokensOut: 1))
        #expect(transport.requests.first?.url == "https://host.example/v1/completions")
        #expect(
            String(decoding: transport.requests.first?.body ?? [], as: UTF8.self)
                == #"{"echo":true,"logprobs":1,"max_tokens":1,"model":"gpt-x","prompt":"a:\n b c","stream":false,"temperature":0}"#
        )
    }

    @Test func moreTokensThanCanBeAddedUpAreCountedAsFewer() async throws {
        let body = Self.answer(["a", "b"], "null,-1").replacing(
            "\"prompt_tokens\":4", with: "\"prompt_tokens\":\(Int.max)")
        let found = try await judge(OpenAIScriptedTransport(.ok(body))).logProbability(of: "b", after: "a")
        #expect(found.tokensIn == 1 << 31 && found.tokensOut == 1)
    }

    @Test func whatCameFromTheCacheIsKept() async throws {
        let body = Self.answer(["a", "b"], "null,-1").replacing(
            "\"completion_tokens\":1", with: "\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":3}")
        let text = try await judge(OpenAIScriptedTransport(.ok(body))).logProbability(of: "b", after: "a")
        #expect(text.tokensIn == 4 && text.tokensCached == 3)
        let placed = try await judge(OpenAIScriptedTransport(.ok(body))).logProbabilities(
            of: ["1"], in: PlacedText(prefix: "a", pieces: ["b"]))
        #expect(placed.tokensCached == 3)
        let silent = try await judge(OpenAIScriptedTransport(.ok(Self.answer(["a", "b"], "null,-1"))))
            .logProbability(of: "b", after: "a")
        #expect(silent.tokensCached == nil)
    }

    private static let likeliest =
        #"[null,{"10":-1},null,{"0":-1,"▁0":-2," 1":-3,"x":-0.1},null,null,null,{"10":-0.5},{"y":-1}]"#

    @Test func alternativesAreReadBehindEachPiece() async throws {
        let tokens = ["10", "\n", "x\t", "?", "\n", "y", "\t", "?", "\t", "z"]
        // The second piece ends in a token of its own, the third has no number among the likeliest.
        let transport = OpenAIScriptedTransport(
            .ok(Self.answer(tokens, "null,-1,-1,-1,-1,-1,-1,-1,-1,-1", Self.likeliest.replacing("]", with: ",{}]"))))
        let found = try await judge(transport).logProbabilities(
            of: ["0", "1", "10"], in: PlacedText(prefix: "10\n", pieces: ["x\t", "?\ny\t", "?\t"]))
        #expect(found.values.count == 3 && found.tokensIn == 4 && found.tokensOut == 1)
        #expect(try abs(#require(found.values[0][0]) - log(exp(-1) + exp(-2))) < 1e-12)
        #expect(found.values[0][1] == -3 && found.values[0][2] == nil)
        #expect(found.values[1] == [nil, nil, -0.5] && found.values[2] == [nil, nil, nil])
    }

    @Test func aModelThatSplitsTenIsToldFromOneThatDoesNot() async throws {
        let tokens = ["1", "0", "\n", "x\t", "?"]
        let transport = OpenAIScriptedTransport(.ok(Self.answer(tokens, "null,-1,-1,-1,-1", "[]")))
        let text = PlacedText(prefix: "10\n", pieces: ["x\t"])
        await #expect {
            try await judge(transport).logProbabilities(of: ["1", "10"], in: text)
        } throws: { error in
            let error = error as? InferenceError
            return error?.kind == .unsupported && error?.message.contains("`scale: 9`") == true
        }
        #expect(try await judge(transport).logProbabilities(of: ["1"], in: text).values == [[nil]])
    }

    @Test(
        arguments: [
            .answer(404, [:], #"{"error":{"message":"no such path"}}"#),
            .answer(400, [:], #"{"error":{"message":"echo is not supported"}}"#),
            .ok(#"{"choices":[{"text":"a"}]}"#), .ok(#"{"choices":[]}"#),
            .ok(OpenAITextTests.answer(["x"], "null")), .ok(OpenAITextTests.answer(["q", "r"], "null,-1")),
        ] as [OpenAIScriptedTransport.Step])
    func aServerThatDoesNotReadTextsIsOneThatLacksIt(step: OpenAIScriptedTransport.Step) async throws {
        await #expect {
            try await judge(OpenAIScriptedTransport(step)).logProbability(of: "b", after: "a")
        } throws: { error in
            let error = error as? InferenceError
            return error?.kind == .unsupported && error?.message.contains("with echo and logprobs") == true
        }
    }

    @Test func otherFailuresStayWhatTheyAre() async throws {
        let steps: [(OpenAIScriptedTransport.Step, InferenceError.Kind)] = [
            (.answer(401, [:], #"{"error":{"message":"bad key"}}"#), .refused), (.ok("<html>"), .garbled),
            (.answer(503, [:], "down"), .unavailable), (.answer(500, [:], "down"), .serverFailure),
            (.ok(Self.answer(["a", "b", "c"], "null,-1,null")), .badAnswer),
        ]
        for (step, kind) in steps {
            await #expect {
                try await judge(OpenAIScriptedTransport(step)) { $0.retry.maximumAttempts = 1 }
                    .logProbability(of: "bc", after: "a")
            } throws: { ($0 as? InferenceError)?.kind == kind }
        }
    }
}
