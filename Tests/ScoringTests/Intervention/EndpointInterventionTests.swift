import Dataflow
import Elements
import Inference
import RuleJudgeServer
import Testing

@testable import Scoring

/// Interventions whose explanations are read by a server.
@Suite(.timeLimit(.minutes(5))) struct EndpointInterventionTests {
    private let text = ToyVocabulary(words: 512)
    private let compute = ComputePool<Void>(name: "test", threads: 1)

    private func score(_ latent: Int, by scorer: any LanguageModelClient) async throws -> Score {
        var settings = InterventionSettings()
        settings.scoringPrompts = 12
        let judge = ToyJudge(drawn: { $0.seed % 2 == 0 ? "w\(latent)" : "w\(60 + $0.seed % 40)" })
        let models = InterventionModels(subject: ToySubject(), explainer: judge, scorer: scorer)
        let plan = try SteeringPlan.plan(latent, models, settings: settings)
        return try await InterventionScorer.run(
            plan, models: models, tokenDecoder: text, compute: compute, memory: InterventionMemory())
    }

    private func score(_ latent: Int, on server: RuleJudgeServer) async throws -> Score {
        var configuration = OpenAIConfiguration(endpoint: server.endpoint, model: "rule")
        configuration.retry.maximumAttempts = 1
        let transport = AsyncHTTPClientTransport(concurrency: configuration.concurrency)
        let result: Result<Score, any Error>
        do {
            result = .success(
                try await score(
                    latent, by: OpenAIModel(OpenAIConnection(configuration: configuration, transport: transport))))
        } catch {
            result = .failure(error)
        }
        try await transport.close()
        return try result.get()
    }

    @Test func aServerThatReadsTextsGivesTheSameDropsAsAModelHere() async throws {
        let server = try await RuleJudgeServer.start()
        for latent in [3, 8] {
            let (here, far) = (try await score(latent, by: ToyJudge()), try await score(latent, on: server))
            #expect(far.text == here.text && far.judged == 12 && far.failed == 0 && far.tokensIn > here.tokensIn)
            let (value, expected) = (try #require(far.headline), try #require(here.headline))
            #expect(abs(value.value - expected.value) < 1e-9 && abs(value.upper - expected.upper) < 1e-9)
            for name in ["explanations_mean", "explanations_best_optimistic", "zero_ablation"] {
                let (far, here) = (try #require(far.details[name]), try #require(here.details[name]))
                #expect(abs(far.value - here.value) < 1e-9, "\(name)")
            }
        }
        let read = server.requests.compactMap(\.completion)
        #expect(read.count == server.requests.count && read.allSatisfy { $0.echo == true && $0.max_tokens == 1 })
        #expect(read.allSatisfy { $0.prompt.hasSuffix("\"") })
        await server.stop()
    }

    @Test func aServerThatReadsNoTextsIsNoScorer() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .judges(RuleJudging(), .ignored))
        let error = await #expect(throws: ScoringError.self) { () async throws in
            _ = try await score(3, on: server)
        }
        #expect(error?.kind == .unsupported && error?.message.contains("with echo and logprobs") == true)
        await server.stop()
    }
}
