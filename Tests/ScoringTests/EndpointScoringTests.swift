import Elements
import Inference
import RuleJudgeServer
import Testing

@testable import Scoring

/// Planted truth, judged over HTTP by a server that follows the rule in the explanation.
@Suite(.timeLimit(.minutes(5))) struct EndpointScoringTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    /// Scores latents by the judge behind a server; `shift` explains each latent as another one.
    private func scores(
        _ latents: Range<Int>, shift: Int = 0, _ method: JudgedMethod, _ form: AnswerForm, on server: RuleJudgeServer,
        concurrency: Int = 4
    ) async throws -> [Score] {
        let settings = JudgedSettings(method: method, form: form)
        var configuration = OpenAIConfiguration(endpoint: server.endpoint, model: "rule")
        configuration.retry.maximumAttempts = 1
        let transport = AsyncHTTPClientTransport(concurrency: configuration.concurrency)
        let result: Result<[Score], any Error>
        do {
            let judge = try OpenAIModel(OpenAIConnection(configuration: configuration, transport: transport))
            var scores: [Score] = []
            for latent in latents {
                let plan = try Self.corpus.plan(
                    latent, explainedAs: shift == 0 ? nil : (latent + shift) % 12, settings: settings, judge: judge,
                    tokenDecoder: Self.text)
                scores.append(
                    try await JudgedScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: concurrency)
                        .score)
            }
            result = .success(scores)
        } catch {
            result = .failure(error)
        }
        try await transport.close()
        await server.stop()
        return try result.get()
    }

    private func server(_ behaviour: JudgeBehaviour) async throws -> RuleJudgeServer {
        let server = try await RuleJudgeServer.start()
        server.expect(then: behaviour)
        return server
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func trueExplanationsScoreHigh(method: JudgedMethod, form: AnswerForm) async throws {
        let server = try await server(.judges())
        let scores = try await scores(0..<4, method, form, on: server)
        for score in scores {
            #expect(try #require(score.headline).value > 0.95)
            #expect(score.judged == 100 && score.failed == 0)
            #expect(score.details["auroc"].map { $0.value > 0.95 } ?? (form == .list))
        }
        #expect(scores.reduce(0) { $0 + $1.tokensIn } == server.requests.reduce(0) { $0 + ($1.chat?.words ?? 0) })
        // Lists of marked windows hold pairs, so that five places give room for four.
        let calls = method == .fuzzing ? 100 : 80
        #expect(server.requests.count == (form == .list ? calls : 400))
        #expect(server.requests.allSatisfy { $0.chat?.max_tokens == (form == .list ? 64 : 1) })
        #expect(scores.allSatisfy { form == .list || $0.tokensOut == 100 })
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func anInvertedJudgeScoresLow(method: JudgedMethod, form: AnswerForm) async throws {
        let server = try await server(.judges(RuleJudging(.inverted)))
        for score in try await scores(0..<4, method, form, on: server) {
            #expect(try #require(score.headline).value < 0.05)
            #expect(score.details["auroc"].map { $0.value < 0.05 } ?? (form == .list))
        }
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func shuffledExplanationsScoreAHalfWithinTheirInterval(method: JudgedMethod, form: AnswerForm) async throws {
        let headlines = try await scores(0..<12, shift: 5, method, form, on: server(.judges())).map {
            try #require($0.headline)
        }
        // Of twelve 95 % intervals more than two miss in 2 of 100 draws; the corpus is fixed.
        #expect(headlines.count { $0.lower <= 0.5 && $0.upper >= 0.5 } >= 10)
        #expect(abs(headlines.map(\.value).reduce(0, +) / 12 - 0.5) < 0.04)
    }

    @Test func aJudgeThatErrsScoresByAsMuchLess() async throws {
        let server = try await server(.judges(RuleJudging(errors: 0.2)))
        for score in try await scores(0..<4, .detection, .list, on: server) {
            let headline = try #require(score.headline)
            #expect(headline.lower < 0.8 && headline.upper > 0.8)
            #expect(headline.value < 0.95)
        }
    }

    @Test(arguments: [true, false])
    func aJudgeThatAlwaysSaysTheSameScoresExactlyAHalf(answer: Bool) async throws {
        let server = try await server(.judges(RuleJudging(.always(answer))))
        for score in try await scores(0..<2, .fuzzing, .list, on: server) {
            #expect(score.headline?.value == 0.5)
            #expect(score.details["true_positive_rate"]?.value == (answer ? 1 : 0))
        }
    }

    @Test(arguments: ["I think the first one fits.", "[1, 0]", "[1, 1, 1, 1, 1, 1, 1]", "[maybe, 0, 1, 0, 2]"])
    func aListThatCannotBeReadIsAskedForOneByOne(answer: String) async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(.says(answer))
        let score = try #require(try await scores(1..<2, .detection, .list, on: server, concurrency: 1).first)
        #expect(score.failed == 0 && (score.headline?.value ?? 0) > 0.95)
        #expect(server.requests.count == 25)
    }

    @Test func whatAServerKeepsForAllLatentsComesFirstInEveryPrompt() async throws {
        for (method, form) in [(JudgedMethod.detection, AnswerForm.list), (.fuzzing, .logProbabilities)] {
            let server = try await server(.judges())
            _ = try await scores(0..<2, method, form, on: server)
            let prefixes = Set(server.requests.map { $0.chat?.messages.dropLast() })
            #expect(prefixes.count == 1)
            #expect((prefixes.first??.count ?? 0) > 2)
            #expect(prefixes.first??.first?.role == "system")
        }
    }

    @Test func aServerWithoutLogProbabilitiesIsAskedOnceAndSaidByName() async throws {
        let server = try await server(.judges(RuleJudging(), .ignored))
        let error = await #expect(throws: ScoringError.self) {
            try await scores(1..<2, .detection, .logProbabilities, on: server, concurrency: 1)
        }
        #expect(error?.kind == .judgeFailed && error?.isRetriable == false)
        #expect(error?.message.contains("rule at \(server.endpoint)") == true)
        #expect(error?.message.contains("`answers: list`") == true)
        #expect(server.requests.count == 1)
    }

    @Test func aFirstTokenThatIsNeitherYesNorNoIsNoVerdict() async throws {
        for tokens in [JudgeBehaviour.LikeliestTokens.elsewhere, .share(0.05)] {
            let server = try await RuleJudgeServer.start()
            let missing = [JudgeBehaviour](repeating: .judges(RuleJudging(), tokens), count: 10)
            server.expect(missing)
            let score = try #require(
                try await scores(1..<2, .detection, .logProbabilities, on: server, concurrency: 1).first)
            #expect(score.failed == 10 && score.judged == 90)
            #expect((score.headline?.value ?? 0) > 0.95)
        }
        let enough = try await server(.judges(RuleJudging(), .share(0.3)))
        let score = try #require(try await scores(1..<2, .detection, .logProbabilities, on: enough).first)
        #expect(score.failed == 0 && (score.headline?.value ?? 0) > 0.95)
    }

    @Test(arguments: AnswerForm.allCases)
    func aServerThatIsGoneIsNotAskedAgainAndAgain(form: AnswerForm) async throws {
        let server = try await server(.answers(503, body: "down for repairs"))
        let error = await #expect(throws: ScoringError.self) {
            try await scores(1..<2, .detection, form, on: server, concurrency: 1)
        }
        #expect(error?.isRetriable == true)
        #expect(error?.message.hasSuffix("the endpoint answered 503: down for repairs") == true)
        #expect(server.requests.count == JudgeReach.patience)
    }
}
