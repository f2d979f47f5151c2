import Elements
import RuleJudgeServer
import Store
import Testing

@testable import Nodes

/// Execution and embedding: scores of every held-out window, without a judge.
@Suite(.timeLimit(.minutes(5))) struct CheapScoreNodesTests {
    private static let words = "  words: { type: explain, explainer: lexical, inputs: [evidence] }\n"

    private func scores(_ stages: String, far: String = "http://127.0.0.1:9/v1") async throws -> [Score] {
        let built = try PlantedGraph().built(stages, far: far)
        try await built.run()
        let scores = try built.store.scores().sorted { ($0.control ?? "", $0.latent) < ($1.control ?? "", $1.latent) }
        try await built.close()
        return scores
    }

    @Test func executionScoresOnlyItsLatentsOnAllHeldOutWindows() async throws {
        let all = try await scores(Self.words + "  run: { type: score, method: execution, inputs: [words] }\n")
        let some = try await scores(
            Self.words + "  run: { type: score, method: execution, inputs: [words], latents: [0, 2] }\n")
        #expect(all.map(\.latent) == [0, 1, 2, 0, 1, 2])
        #expect(some.map(\.latent) == [0, 2, 0, 2])
        #expect(some.prefix(2).map(\.headline) == [all[0], all[2]].map(\.headline))
        // Every window of a test document is judged, of whichever latent.
        #expect(Set(all.map(\.judged)).count == 1 && all[0].judged > 90 && all[0].judged < 150)
        #expect(all.allSatisfy { $0.tokensIn == 0 && $0.failed == 0 })
    }

    @Test func whatCannotBeRunIsPassedOver() async throws {
        let nothing = "  nothing: { type: explain, explainer: none, inputs: [evidence] }\n"
        let found = try await scores(
            nothing + Self.words + "  run: { type: score, method: execution, inputs: [words, nothing] }\n")
        #expect(Set(found.map(\.explainedBy)) == ["words"])
        #expect(try await scores(nothing + "  run: { type: score, method: execution, inputs: [nothing] }\n").isEmpty)
    }

    /// The server's vectors are of words: an explanation that names the token is near the windows that hold it.
    @Test func embeddingAsksForTheVectorsOfAsManyWindowsOfEachKind() async throws {
        let server = try await RuleJudgeServer.start()
        let found = try await scores(
            Self.words
                + "  meant: { type: score, method: embedding, model: far, inputs: [words], examples: 5, latents: [1] }\n",
            far: server.endpoint)
        #expect(found.map(\.control) == [nil] && found.first?.judged == 10 && found.first?.headline != nil)
        let texts = server.requests.flatMap { $0.embeddings?.input ?? [] }
        // Five windows of each kind and an explanation; each is asked for once.
        #expect(texts.count == 11 && Set(texts).count == 11)
        #expect(server.requests.allSatisfy { $0.embeddings?.model == "rule" && $0.chat == nil })
        #expect(texts.count { $0.contains("is") } >= 5)
        await server.stop()
    }

    @Test func twoNodesThatNameOneModelAskForATextOnce() async throws {
        let server = try await RuleJudgeServer.start()
        func meant(_ name: String) -> String {
            "  \(name): { type: score, method: embedding, model: far, inputs: [words], examples: 5, latents: [1] }\n"
        }
        let found = try await scores(Self.words + meant("one") + meant("two"), far: server.endpoint)
        #expect(found.map(\.node).sorted() == ["one", "two"] && found[0].headline == found[1].headline)
        let texts = server.requests.flatMap { $0.embeddings?.input ?? [] }
        #expect(Set(texts).count == 11)
        await server.stop()
    }
}
