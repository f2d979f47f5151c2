import Foundation
import Testing

@testable import Topology

/// What a server takes in a chat request.
@Suite struct RequestFormTests {
    private func read(_ fields: String) throws -> (form: RequestForm?, digest: String, findings: [Diagnostic]) {
        let path = "judge:   { path: ./models/SmolLM2-135M-Instruct.Q4_1.gguf }"
        let source = try GoldenTopologyTests.text("example.yaml")
            .replacing(path, with: "judge: { openai: https://host/v1, model: m\(fields) }")
        let result = ExampleSchemas.reader(environment: ["EFFORT": "low"]).read(text: source, file: "t.yaml")
        guard case .openAI(let judge) = result.topology?.models["judge"] else { return (nil, "", result.diagnostics) }
        return (judge.form, result.topology.map { "\($0.digest)" } ?? "", result.diagnostics)
    }

    @Test func whatMostServersTakeIsTheDefault() throws {
        let form = try #require(try read("").form)
        #expect(
            form
                == RequestForm(
                    tokenLimitField: "max_tokens", sendsTemperature: true, prefill: "trailing-message",
                    likeliestTokens: 20, thinkingTokens: 4096, extra: [:]))
    }

    @Test func everyFieldIsRead() throws {
        let form = try #require(
            try read(
                ", token_limit_field: max_completion_tokens, temperature: none, prefill: none, likeliest_tokens: 5, "
                    + "thinking_tokens: 0"
            ).form)
        #expect(form.tokenLimitField == "max_completion_tokens" && !form.sendsTemperature && form.prefill == "none")
        #expect(form.likeliestTokens == 5 && form.thinkingTokens == 0)
    }

    private func endpoint(_ fields: String) throws -> ModelEndpoint {
        let path = "judge:   { path: ./models/SmolLM2-135M-Instruct.Q4_1.gguf }"
        let source = try GoldenTopologyTests.text("example.yaml")
            .replacing(path, with: "judge: { openai: https://host/v1, model: m\(fields) }")
        let result = ExampleSchemas.reader(environment: [:]).read(text: source, file: "t.yaml")
        guard case .openAI(let endpoint) = result.topology?.models["judge"] else {
            throw TopologyError.unreadableSecret(path: "", reason: "\(result.diagnostics)")
        }
        return endpoint
    }

    @Test func batchesAreRead() throws {
        let plain = try endpoint("")
        #expect(plain.batches == nil && !plain.form.sendsCacheKey)
        #expect(try endpoint(", batch: false, batch_requests: 7").batches == nil)
        let batched = try endpoint(", batch: true, prompt_cache_key: true, price_input: 2, batch_discount: 0.4")
        #expect(batched.batches == BatchForm(collectMilliseconds: 60_000, requests: 10_000))
        #expect(batched.form.sendsCacheKey && batched.prices?.batchDiscount == 0.4)
        #expect(
            try endpoint(", batch: true, batch_collect: 5m, batch_requests: 50000, price_input: 1").batches
                == BatchForm(collectMilliseconds: 300_000, requests: 50_000))
    }

    @Test(arguments: [
        ("{ reasoning_effort: low }", ["reasoning_effort": #""low""#]),
        ("{ top_k: 20, x: -1.5e3 }", ["top_k": "20", "x": "-1.5e3"]),
        ("{ a: true, b: false, c: null, d: ~ }", ["a": "true", "b": "false", "c": "null", "d": "null"]),
        (
            #"{ a: "true", b: '5', c: yes, d: 05, e: .5, f: 0x1 }"#,
            ["a": #""true""#, "b": #""5""#, "c": #""yes""#, "d": #""05""#, "e": #"".5""#, "f": #""0x1""#]
        ),
        (
            "{ chat_template_kwargs: { enable_thinking: false } }",
            ["chat_template_kwargs": #"{"enable_thinking":false}"#]
        ),
        (#"{ stop: ["\n", "a\"/b"], n_probs: [1, [2]] }"#, ["stop": #"["\n","a\"/b"]"#, "n_probs": "[1,[2]]"]),
        (
            "{ structured_outputs: { regex: '[01]', choice: [Yes, No] } }",
            ["structured_outputs": #"{"choice":["Yes","No"],"regex":"[01]"}"#]
        ),
        ("{ reasoning_effort: '${EFFORT}' }", ["reasoning_effort": #""low""#]), ("{}", [:]),
    ])
    func extraMembersBecomeJSON(written: String, members: [String: String]) throws {
        let (form, _, findings) = try read(", extra: \(written)")
        #expect(findings == [])
        #expect(form?.extra == members)
    }

    @Test(arguments: [
        (", extra: 5", "E207"), (", extra: [a]", "E207"), (", extra: { messages: [] }", "E506"),
        (", extra: { stream: true }", "E506"), (", extra: { top_logprobs: 3 }", "E506"), (", temperature: 1", ""),
        (", token_limit_field: max", ""), (", likeliest_tokens: 1", ""), (", prefill: yes", ""),
        (", extra: { a: !secret env:KEY }", ""),
    ])
    func whatCannotBeSentIsRefusedWithItsPlace(fields: String, code: String) throws {
        let findings = try read(fields).findings
        #expect(findings.count == 1 && findings.first?.severity == .error && findings.first?.mark != nil)
        if code == "E506" { #expect(findings.first?.code == code) }
    }

    @Test func theDigestChangesWithWhatChangesAnswers() throws {
        let plain = try read("").digest
        for same in [
            ", thinking_tokens: 9", ", token_limit_field: max_completion_tokens", ", temperature: 0", ", extra: {}",
        ] {
            #expect(try read(same).digest == plain)
        }
        let others = [
            ", temperature: none", ", prefill: none", ", likeliest_tokens: 5", ", extra: { a: 1 }", ", extra: { a: 2 }",
        ]
        #expect(Set(try others.map { try read($0).digest }).union([plain]).count == 6)
    }
}
