import Foundation
import Hashing
import RuleJudgeServer
import Testing

@testable import Inference

@Suite struct OpenAIEmbeddingsTests {
    private static let secret = "sk-very/secret-123"

    private func embeddings(
        _ transport: OpenAIScriptedTransport, clock: OpenAITestClock = OpenAITestClock(), textsAtOnce: Int = 64
    ) throws -> OpenAIEmbeddings {
        var configuration = OpenAIConfiguration(
            endpoint: "https://host.example/v1/", model: "embed-x", key: APIKey(Self.secret))
        configuration.textsAtOnce = textsAtOnce
        configuration.concurrency = 1
        return try OpenAIEmbeddings(.fixed(configuration, transport, clock: clock))
    }

    private func failure(_ embeddings: OpenAIEmbeddings, _ texts: [String] = ["a", "b"]) async -> InferenceError? {
        do {
            _ = try await embeddings.vectors(of: texts)
            return nil
        } catch {
            return error
        }
    }

    private static func body(_ vectors: [(Int, [Float])], tokens: Int = 10) -> OpenAIScriptedTransport.Step {
        let data = vectors.map { "{\"object\":\"embedding\",\"index\":\($0.0),\"embedding\":\($0.1)}" }
        return .ok(
            "{\"object\":\"list\",\"data\":[\(data.joined(separator: ","))],\"model\":\"embed-x\","
                + "\"usage\":{\"prompt_tokens\":\(tokens),\"total_tokens\":\(tokens)}}")
    }

    @Test func vectorsComeInTheOrderOfTheTextsAndHaveLengthOne() async throws {
        let transport = OpenAIScriptedTransport(Self.body([(1, [0, 5]), (0, [3, 4])], tokens: 11))
        let vectors = try await embeddings(transport).vectors(of: ["abc", ""])
        #expect(vectors.map(\.vector) == [[0.6, 0.8], [0, 1]])
        #expect(vectors.map(\.tokens) == [8, 3])
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://host.example/v1/embeddings" && request.method == "POST")
        #expect(request.headers["authorization"] == "Bearer \(Self.secret)")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"encoding_format":"float","input":["abc"," "],"model":"embed-x"}"#)
    }

    @Test func moreTokensThanCanBeAddedUpAreCountedAsFewer() async throws {
        let transport = OpenAIScriptedTransport(Self.body([(0, [1, 0]), (1, [0, 1])], tokens: .max))
        let vectors = try await embeddings(transport).vectors(of: ["a", "b"])
        #expect(vectors.reduce(0) { $0 + $1.tokens } == 1 << 31)
    }

    @Test func textsAreSentInBatchesAndNoneIsNoRequest() async throws {
        let transport = OpenAIScriptedTransport(
            Self.body([(0, [1, 0]), (1, [0, 1])]), Self.body([(0, [0, -2]), (1, [1, 0])]), Self.body([(0, [9, 0])]))
        let vectors = try await embeddings(transport, textsAtOnce: 2).vectors(of: ["a", "b", "c", "d", "e"])
        #expect(vectors.map(\.vector) == [[1, 0], [0, 1], [0, -1], [1, 0], [1, 0]])
        #expect(transport.requests.count == 3)
        #expect((0..<3).map { transport.fields($0)?["input"] as? [String] } == [["a", "b"], ["c", "d"], ["e"]])
        #expect(try await embeddings(transport).vectors(of: []).isEmpty)
        #expect(transport.requests.count == 3)
    }

    @Test func whatTheServerCannotTakeAtTheMomentIsSentAgain() async throws {
        let clock = OpenAITestClock()
        let transport = OpenAIScriptedTransport(
            .answer(429, ["retry-after": "7"], ""), .answer(503, [:], "busy"), Self.body([(0, [1]), (1, [1])]))
        #expect(try await embeddings(transport, clock: clock).vectors(of: ["a", "b"]).count == 2)
        #expect(clock.waits == [.milliseconds(7250), .milliseconds(500)])
        #expect(Set(transport.requests.map(\.body)).count == 1)
    }

    @Test func aRequestThatIsTooLongIsHalved() async throws {
        let transport = OpenAIScriptedTransport(
            .answer(413, [:], "too large"), Self.body([(0, [1, 0])]), Self.body([(0, [0, 1]), (1, [1, 0])]))
        let vectors = try await embeddings(transport).vectors(of: ["a", "b", "c"])
        #expect(vectors.map(\.vector) == [[1, 0], [0, 1], [1, 0]])
        #expect((1..<3).map { transport.fields($0)?["input"] as? [String] } == [["a"], ["b", "c"]])
        let one = try await failure(embeddings(OpenAIScriptedTransport(.answer(413, [:], "too large"))), ["a"])
        #expect(one?.kind == .tooLong)
    }

    @Test(arguments: [
        (#"{"data":[{"index":0,"embedding":[1]}]}"#, "the endpoint gave 1 embeddings for 2 texts"),
        (
            #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#,
            "the endpoint's embeddings have no index each of their own"
        ),
        (
            #"{"data":[{"index":0,"embedding":[1]},{"index":7,"embedding":[1]}]}"#,
            "the endpoint's embeddings have no index each of their own"
        ),
        (
            #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[0]}]}"#,
            "the endpoint gave an embedding without a length"
        ),
        (
            #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[]}]}"#,
            "the endpoint gave an embedding without a length"
        ),
        (
            #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}"#,
            "the endpoint gave embeddings of several widths"
        ),
        (#""no""#, "the endpoint's answer is not a list of embeddings: \"no\""),
    ]) func anAnswerThatIsNotOneVectorForEachIsRefused(body: String, message: String) async throws {
        let failure = try #require(await failure(embeddings(OpenAIScriptedTransport(.ok(body)))))
        #expect(failure.kind == .badAnswer)
        #expect(failure.message == "embed-x at https://host.example/v1: " + message)
    }

    @Test func anAnswerOfNoUseSaysWhatItCost() async throws {
        let transport = OpenAIScriptedTransport(Self.body([(0, [1])], tokens: 12))
        #expect(try await failure(embeddings(transport))?.tokensIn == 12)
    }

    @Test func aFailureSaysWhatTheAnswersToTheOtherTextsCost() async throws {
        let transport = OpenAIScriptedTransport(
            Self.body([(0, [1])], tokens: 7), Self.body([], tokens: 12), Self.body([], tokens: 30))
        let failure = try #require(
            await failure(embeddings(transport, textsAtOnce: 1), ["a", "b", "c"]))
        #expect(failure.kind == .badAnswer && failure.tokensIn == 49)
        let widths = OpenAIScriptedTransport(
            Self.body([(0, [1])], tokens: 7), Self.body([(0, [1, 0])], tokens: 12))
        #expect(try await self.failure(embeddings(widths, textsAtOnce: 1))?.tokensIn == 19)
        let halves = OpenAIScriptedTransport(
            .answer(413, [:], "too large"), Self.body([(0, [1])], tokens: 7), Self.body([], tokens: 12))
        #expect(try await self.failure(embeddings(halves))?.tokensIn == 19)
    }

    @Test func aRefusalDoesNotRepeatTheKey() async throws {
        let transport = OpenAIScriptedTransport(.answer(401, [:], "no such key: \(Self.secret)"))
        let failure = try #require(await failure(embeddings(transport)))
        #expect(failure.kind == .refused && transport.requests.count == 1)
        #expect(failure.message.hasSuffix("the endpoint answered 401: no such key: (redacted)"))
    }

    @Test func tokensAreSharedOutByLengthAndAddUp() {
        let texts = ["", "aa", "bbbbbbb", "ccc", "d"]
        for tokens in [0, 1, 7, 100, 12_345] {
            let shares = OpenAIEmbeddings.shares(of: tokens, over: texts)
            #expect(shares.reduce(0, +) == tokens && shares.allSatisfy { $0 >= 0 })
        }
        #expect(OpenAIEmbeddings.shares(of: 28, over: texts) == [2, 4, 14, 6, 2])
    }

    @Test func theNameOfWhatMadeVectorsFollowsEndpointAndModel() throws {
        func digest(_ endpoint: String, _ model: String) throws -> Hash128 {
            try OpenAIEmbeddings(
                .fixed(OpenAIConfiguration(endpoint: endpoint, model: model), OpenAIScriptedTransport(.silence))
            ).digest
        }
        #expect(try digest("http://a/v1", "m") == digest("http://a/v1/", "m"))
        #expect(try digest("http://a/v1", "m") != digest("http://b/v1", "m"))
        #expect(try digest("http://a/v1", "m") != digest("http://a/v1", "n"))
        #expect(throws: InferenceError.self) { try digest("ftp://a/v1", "m") }
    }

    @Test func aServerOverTheWireGivesOneVectorForEachText() async throws {
        let server = try await RuleJudgeServer.start(key: Self.secret)
        let transport = AsyncHTTPClientTransport(concurrency: 2)
        var configuration = OpenAIConfiguration(
            endpoint: server.endpoint, model: "words", key: APIKey(Self.secret))
        (configuration.textsAtOnce, configuration.concurrency) = (7, 2)
        configuration.retry.base = .milliseconds(1)
        let embeddings = try OpenAIEmbeddings(OpenAIConnection(configuration: configuration, transport: transport))
        server.expect(.answers(503), .resets, then: .judges())
        let texts = (0..<40).map { "the word number\($0) and again number\($0)" }
        let vectors = try await embeddings.vectors(of: texts)
        for (text, vector) in zip(texts, vectors) {
            let expected = WordVectors.vector(of: text)
            let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(zip(vector.vector, expected).allSatisfy { abs($0 - $1 / length) < 1e-6 })
        }
        #expect(vectors.reduce(0) { $0 + $1.tokens } == 40 * 6)
        #expect(server.requests.compactMap(\.embeddings).count == 8 && server.mostUnderWay <= 2)
        try await transport.close()
        await server.stop()
    }
}
