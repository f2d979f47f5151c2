import Elements
import Inference
import RuleJudgeServer
import Testing

@testable import Scoring

/// Planted truth over HTTP, read by a server that gives texts back with the probabilities of their tokens.
@Suite(.timeLimit(.minutes(5))) struct EndpointTextScoringTests {
    private static let text = ToyVocabulary(words: 80, odd: [70: "⇥\t", 71: " naïve", 72: "<|im_end|>", 73: "\n"])
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, strengths: 7...9, seed: 1)

    private enum Method { case simulation, surprisal, intruder }

    private func scores(
        _ method: Method, _ latents: Range<Int>, shift: Int = 0, on server: RuleJudgeServer, scale: Int = 10
    ) async throws -> [Score] {
        var configuration = OpenAIConfiguration(endpoint: server.endpoint, model: "rule")
        configuration.retry.maximumAttempts = 1
        let transport = AsyncHTTPClientTransport(concurrency: configuration.concurrency)
        let result: Result<[Score], any Error>
        do {
            let judge = try OpenAIModel(OpenAIConnection(configuration: configuration, transport: transport))
            var scores: [Score] = []
            for latent in latents {
                let other = shift == 0 ? nil : (latent + shift) % 12
                scores.append(try await score(method, latent, as: other, judge: judge, scale: scale))
            }
            result = .success(scores)
        } catch {
            result = .failure(error)
        }
        try await transport.close()
        await server.stop()
        return try result.get()
    }

    private func score(_ method: Method, _ latent: Int, as other: Int?, judge: any LanguageModelClient, scale: Int)
        async throws
        -> Score
    {
        let subject = Self.corpus.subject(latent, explainedAs: other, judge: judge)
        let heldOut = Self.corpus.heldOut(latent)
        switch method {
        case .simulation:
            var settings = SimulationSettings()
            settings.scale = scale
            (settings.positives, settings.negatives) = (30, 30)
            return try await SimulationScorer.run(
                SimulationPlan(subject: subject, heldOut: heldOut, maximum: 9, settings: settings), judge: judge,
                tokenDecoder: Self.text, concurrency: 4)
        case .surprisal:
            var settings = SurprisalSettings()
            (settings.positives, settings.negatives) = (30, 30)
            return try await SurprisalScorer.run(
                SurprisalPlan(subject: subject, heldOut: heldOut, settings: settings), judge: judge,
                tokenDecoder: Self.text,
                concurrency: 4)
        case .intruder:
            return try await IntruderScorer.run(
                IntruderPlan(subject: subject, heldOut: heldOut, settings: IntruderSettings(), tokens: Self.text),
                judge: judge, tokenDecoder: Self.text, concurrency: 4)
        }
    }

    private func server(_ behaviour: JudgeBehaviour) async throws -> RuleJudgeServer {
        let server = try await RuleJudgeServer.start()
        server.expect(then: behaviour)
        return server
    }

    @Test func trueExplanationsScoreHigh() async throws {
        let server = try await server(.judges())
        for score in try await scores(.simulation, 0..<3, on: server) {
            #expect((score.headline?.value ?? 0) > 0.95 && score.failed == 0 && score.judged == 60 * 24)
            #expect(score.tokensOut == 60)
        }
        #expect(server.requests.count == 180)
        #expect(server.requests.allSatisfy { $0.completion?.echo == true && $0.completion?.logprobs == 20 })
        let reading = try await self.server(.judges())
        for score in try await scores(.surprisal, 0..<3, on: reading) {
            #expect((score.headline?.value ?? 0) > 0.9 && score.failed == 0 && score.judged == 60)
        }
        #expect(reading.requests.count == 3 * 120)
        for score in try await scores(.intruder, 0..<3, on: self.server(.judges())) {
            #expect((score.headline?.value ?? 0) > 0.95 && score.failed == 0)
        }
    }

    @Test func anInvertedJudgeScoresLow() async throws {
        for score in try await scores(.simulation, 0..<2, on: server(.judges(RuleJudging(.inverted)))) {
            #expect((score.headline?.value ?? 0) < -0.95)
        }
        for score in try await scores(.surprisal, 0..<2, on: server(.judges(RuleJudging(.inverted)))) {
            #expect((score.headline?.value ?? 1) < 0.05)
        }
        for score in try await scores(.intruder, 0..<2, on: server(.judges(RuleJudging(.inverted)))) {
            #expect((score.headline?.value ?? 1) < 0.05)
        }
    }

    @Test func shuffledExplanationsScoreNothingWithinTheirInterval() async throws {
        let simulated = try await scores(.simulation, 0..<8, shift: 5, on: server(.judges())).compactMap(\.headline)
        // A token is one word, so the wrong word never stands where the latent fires: a little under 0 by construction.
        #expect(simulated.count == 8 && simulated.allSatisfy { abs($0.value) < 0.08 && $0.upper > -0.06 })
        let simulatedMean: Double = simulated.map(\.value).reduce(0, +) / 8
        #expect(abs(simulatedMean) < 0.06)
        let read = try await scores(.surprisal, 0..<8, shift: 5, on: server(.judges())).compactMap(\.headline)
        #expect(read.count == 8 && read.count { $0.lower <= 0.5 && $0.upper >= 0.5 } >= 6)
        let readMean: Double = read.map(\.value).reduce(0, +) / 8
        #expect(abs(readMean - 0.5) < 0.06)
    }

    @Test func aModelThatSplitsTenNeedsAShorterScale() async throws {
        let server = try await server(.judges(RuleJudging(), .digits))
        let error = await #expect(throws: ScoringError.self) { try await scores(.simulation, 0..<1, on: server) }
        #expect(error?.kind == .judgeFailed && error?.message.contains("`scale: 9`") == true)
        #expect(server.requests.count <= 4)
    }

    @Test func aServerWithoutEchoIsSaidToLackItAndNotAskedOn() async throws {
        for method in [Method.simulation, .surprisal] {
            let server = try await server(.judges(RuleJudging(), .ignored))
            let error = await #expect(throws: ScoringError.self) { try await scores(method, 0..<1, on: server) }
            #expect(error?.kind == .judgeFailed && error?.isRetriable == false)
            #expect(error?.message.contains("with echo and logprobs") == true)
            #expect(server.requests.count <= 4)
        }
    }

    @Test func tokensWithoutANumberAmongTheLikeliestFail() async throws {
        let server = try await server(.judges(RuleJudging(), .elsewhere))
        await #expect { try await scores(.simulation, 0..<1, on: server) } throws: {
            ($0 as? ScoringError)?.kind == .judgeFailed
        }
    }
}
