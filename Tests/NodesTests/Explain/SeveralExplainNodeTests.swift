import Elements
import Explaining
import Scoring
import StateFixtures
import Store
import Testing
import Topology

@testable import Nodes

@Suite(.timeLimit(.minutes(5))) struct SeveralExplainNodeTests {
    private let planted: PlantedGraph

    init() throws { planted = try PlantedGraph() }

    @Test func withoutAModelLatentsAreExplainedByTokensAndScoredWhole() async throws {
        let built = try planted.built(
            """
              told: { type: explain, explainer: several, inputs: [evidence], minimum_examples: 10, tokens: 2 }
              executed: { type: score, method: execution, inputs: [told] }

            """)
        try await built.run()
        let explanations = try built.store.explanations(of: "told").sorted { $0.latent < $1.latent }
        #expect(explanations.map(\.latent) == [0, 1, 2])
        for explanation in explanations {
            #expect(explanation.parts == .one && explanation.provenance.explainer == "several")
            let predicate = try LexicalPredicate(json: explanation.predicate ?? "")
            #expect(predicate.matches(tokens: [PlantedGraph.planted[explanation.latent]], tokenDecoder: Letters()))
        }
        let scores = try built.store.scores(of: "executed").filter { $0.control == nil }
        #expect(scores.count == 3 && scores.allSatisfy { $0.headline?.value == 1 && $0.parts.isEmpty })
        try await built.close()
    }

    /// Tokens as they are, without a text.
    private struct Letters: TokenDecoder {
        let count = 512
        func bytes(of token: UInt32) -> [UInt8] { Array("t\(token)".utf8) }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    @Test(arguments: [
        ("method: execution", "", []), ("method: detection, model: far", "", ["W602"]),
        ("method: execution", "model: far, ", ["W602"]), ("method: intruder, model: far", "", []),
    ]) func validationSaysIfNobodyScoresPartsApart(score: String, fields: String, codes: [String]) throws {
        let graph = try planted.graph(
            """
              told: { type: explain, explainer: several, inputs: [evidence], \(fields)minimum_examples: 10 }
              scored: { type: score, inputs: [told], \(score) }

            """)
        let diagnostics = graph.diagnostics(file: "t.yaml").filter { $0.code == "W602" }
        #expect(diagnostics.map(\.code) == codes)
        #expect(diagnostics.allSatisfy { $0.severity == .warning && $0.message.contains("told") })
    }

    @Test func aSecondScorerThatScoresPartsIsEnough() throws {
        let graph = try planted.graph(
            """
              told: { type: explain, explainer: several, inputs: [evidence], minimum_examples: 10 }
              judged: { type: score, inputs: [told], method: detection, model: far }
              scored: { type: score, inputs: [told], method: execution }

            """)
        #expect(!graph.diagnostics(file: "t.yaml").contains { $0.code == "W602" })
    }
}
