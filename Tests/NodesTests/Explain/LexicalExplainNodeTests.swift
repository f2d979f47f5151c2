import Elements
import Store
import Testing

@testable import Nodes

/// Explanations by the tokens of windows.
@Suite(.timeLimit(.minutes(5))) struct LexicalExplainNodeTests {
    private func explanations(_ fields: String) async throws -> [Explanation] {
        let built = try PlantedGraph().built(
            "  words: { type: explain, explainer: lexical, inputs: [evidence], \(fields) }\n")
        try await built.run()
        let explanations = try built.store.explanations(of: "words")
        try await built.close()
        return explanations.sorted { $0.latent < $1.latent }
    }

    @Test func theNodesLatentsAreExplainedByTheirTokens() async throws {
        let found = try await explanations("latents: [2, 0], seed: 12")
        #expect(found.map(\.latent) == [0, 2] && found.map(\.text) == ["Contains \"·and\".", "Contains \"ing\"."])
        for explanation in found {
            #expect(explanation.provenance.seed == 12 && explanation.provenance.model == nil)
            #expect(explanation.predicate != nil && explanation.provenance.basis?.windowsFired == 60)
            // All train windows that it has seen: none of them may be scored.
            #expect(explanation.provenance.shown.count > 15 && explanation.provenance.shown.count < 45)
        }
    }

    /// Some thirty of a latent's sixty windows are on the train side.
    @Test(arguments: [(10, 3), (200, 0)]) func aLatentMustHaveTrainWindowsEnough(minimum: Int, count: Int) async throws
    {
        #expect(try await explanations("minimum_examples: \(minimum)").count == count)
    }

    /// With the input drained at its first barrier, waiting for that changes nothing.
    @Test(arguments: ["when: drained", "terms: tokens", "clauses: 1, tokens: 1"])
    func aPlantedTokenIsFoundWithWhicheverTerms(fields: String) async throws {
        let found = try await explanations(fields)
        #expect(found.map(\.text) == ["Contains \"·and\".", "Contains \"is\".", "Contains \"ing\"."])
    }
}
