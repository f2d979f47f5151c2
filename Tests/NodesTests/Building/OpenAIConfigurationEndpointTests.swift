import Foundation
import Inference
import Running
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// An endpoint of the file as its client gets it.
@Suite struct OpenAIConfigurationEndpointTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func endpoint(_ fields: String, environment: [String: String] = [:]) throws -> ModelEndpoint {
        let text = """
            version: 1
            name: t
            models: { far: { openai: "http://127.0.0.1:9/v1/", model: rule, \(fields) } }
            sources: { corpus: { type: stdin } }
            stages: { tokens: { type: tokenize, inputs: [corpus], model: far } }

            """
        let topology = try TopologyText.topology(of: text, environment: environment)
        guard case .openAI(let endpoint) = topology.models["far"] else { throw Mishap() }
        return endpoint
    }

    @Test func everyFieldOfTheFileIsTaken() throws {
        let configuration = try OpenAIConfiguration(endpoint("concurrency: 3, timeout: 7s, retries: 5"))
        #expect((configuration.endpoint, configuration.model) == ("http://127.0.0.1:9/v1/", "rule"))
        #expect(configuration.concurrency == 3 && configuration.timeout == .seconds(7))
        #expect(configuration.key == nil)
        // The first attempt is no retry.
        #expect(configuration.retry.maximumAttempts == 6)
        #expect(try OpenAIConfiguration(endpoint("retries: 0")).retry.maximumAttempts == 1)
    }

    @Test func whatTheServerTakesIsTaken() throws {
        let configuration = try OpenAIConfiguration(
            endpoint(
                "token_limit_field: max_completion_tokens, temperature: none, prefill: continue-final-message, "
                    + "likeliest_tokens: 5, thinking_tokens: 9, extra: { a: 1 }"))
        #expect(configuration.tokenLimitField == "max_completion_tokens" && !configuration.sendsTemperature)
        #expect(configuration.prefill == .continueFinalMessage && configuration.likeliestTokens == 5)
        #expect(configuration.thinkingTokens == 9 && configuration.extra == ["a": "1"])
        let plain = try OpenAIConfiguration(endpoint("retries: 0"))
        let own = OpenAIConfiguration(endpoint: plain.endpoint, model: plain.model)
        #expect(plain.tokenLimitField == own.tokenLimitField && plain.sendsTemperature == own.sendsTemperature)
        #expect(plain.prefill == own.prefill && plain.likeliestTokens == own.likeliestTokens)
        #expect(plain.thinkingTokens == own.thinkingTokens && plain.extra.isEmpty)
    }

    @Test func batchesAndTheCacheKeyAreTaken() throws {
        let endpoint = try endpoint("batch: true, batch_collect: 90s, batch_requests: 12, prompt_cache_key: true")
        #expect(try OpenAIConfiguration(endpoint).sendsCacheKey)
        let limits = BatchLimits(try #require(endpoint.batches))
        #expect(limits.requests == 12 && limits.collecting == .seconds(90))
        #expect(try !OpenAIConfiguration(self.endpoint("retries: 0")).sendsCacheKey)
        let own = BatchLimits()
        let plain = BatchLimits(try #require(try self.endpoint("batch: true").batches))
        #expect(plain == own)
    }

    @Test func aKeyIsTakenFromItsSecretAndShownNowhere() throws {
        try Data("sk-from-a-file\n".utf8).write(to: URL(fileURLWithPath: directory.path + "/key"))
        for (field, key) in [
            ("env:KEY", "sk-of-the-environment"), ("file:\(directory.path)/key", "sk-from-a-file"),
        ] {
            let configuration = try OpenAIConfiguration(
                endpoint("api_key: !secret \"\(field)\"", environment: ["KEY": " sk-of-the-environment "]))
            #expect(configuration.key == APIKey(key))
            var shown = ""
            dump(configuration, to: &shown)
            #expect(!shown.contains("sk-") && shown.contains("127.0.0.1"))
        }
    }

    @Test(arguments: ["", " ", "two\nlines", "schlüssel"]) func aKeyThatIsNoneIsRefusedWithoutBeingShown(key: String)
        throws
    {
        let endpoint = try endpoint("api_key: !secret env:KEY", environment: ["KEY": key])
        let error = #expect(throws: DaemonError.self) { try OpenAIConfiguration(endpoint) }
        #expect(error?.kind == .configuration)
        #expect(
            error?.description == "the API key for http://127.0.0.1:9/v1/ is empty or not one line of plain text")
    }

    @Test func aKeyFileThatIsGoneIsNamed() throws {
        let endpoint = try endpoint("api_key: !secret \"file:\(directory.path)/gone\"")
        let error = #expect(throws: TopologyError.self) { try OpenAIConfiguration(endpoint) }
        #expect(
            error == .unreadableSecret(path: directory.path + "/gone", reason: "the file cannot be opened"))
    }
}
