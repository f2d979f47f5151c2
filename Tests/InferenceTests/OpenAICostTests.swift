import Testing

@testable import Inference

/// What answers cost, also those of no use.
@Suite struct OpenAICostTests {
    private let prompt = Prompt(messages: [.user("Example 1: a cat")])

    private func judge(_ transport: OpenAIScriptedTransport) throws -> OpenAIModel {
        try OpenAIModel(
            .fixed(OpenAIConfiguration(endpoint: "https://host.example/v1/", model: "gpt-x"), transport))
    }

    @Test func tokensFromTheCacheOfPrefixesAreCountedWhereTheEndpointSaysSo() async throws {
        func usage(_ details: String) -> String {
            #"{"choices":[{"message":{"content":"yes"}}],"usage":{"prompt_tokens":120,"completion_tokens":3\#(details)}}"#
        }
        for (details, cached) in [
            ("", nil), (#","prompt_tokens_details":null"#, nil), (#","prompt_tokens_details":{}"#, nil),
            (#","prompt_tokens_details":{"cached_tokens":96}"#, 96),
            (#","prompt_tokens_details":{"cached_tokens":900}"#, 120),
            (#","prompt_tokens_details":{"cached_tokens":-1}"#, 0),
        ] as [(String, Int?)] {
            let transport = OpenAIScriptedTransport(.ok(usage(details)))
            let completion = try await judge(transport).complete(prompt, maximumTokens: 5)
            #expect(completion.tokensIn == 120 && completion.tokensCached == cached)
        }
    }

    @Test func anAnswerOfNoUseSaysWhatItCost() async throws {
        let body = #"{"choices":[{"message":{"content":null}}],"usage":{"prompt_tokens":120,"completion_tokens":3}}"#
        let failure = try await judge(OpenAIScriptedTransport(.ok(body))).failure(of: prompt)
        #expect(failure?.kind == .badAnswer && failure?.tokensIn == 120 && failure?.tokensOut == 3)
        #expect(try await judge(OpenAIScriptedTransport(.answer(401, [:], "no"))).failure(of: prompt)?.tokensIn == 0)
    }
}
