import Elements
import Scoring
import Testing

@testable import Nodes

/// Tiers of negatives in plans, of a coder whose latents' directions are known.
@Suite(.timeLimit(.minutes(5))) struct VerdictTiersTests {
    @Test func windowsOfATierAreSilentOnesAsManyAsThereAreExamples() async throws {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<40))
        let built = try BuiltGraph(
            files.graph(
                """
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                  told: { type: score, method: detection, model: far, inputs: [words], examples: 12, controls: 0,
                          negatives: [random, lexical, neighbour] }

                """), in: files.fixture.directory, budget: PlantedGraph.spent)
        try await built.run()
        let plans = try built.plans(ScoringPlan.self, of: "told")
        let view = try built.view("codes")
        let pool = Dictionary(view.pool.map { ($0.window.identity, $0) }) { first, _ in first }
        var seen: [NegativeTier: Int] = [:]
        for plan in plans {
            for tier in plan.tiers ?? [] {
                #expect(tier.questions.count <= 12)
                seen[tier.tier] = max(seen[tier.tier] ?? 0, tier.questions.count)
                for question in tier.questions {
                    let window = try #require(pool[question.identity])
                    #expect(!question.isPositive && !window.latents.contains(Int32(plan.latent)) && window.isTest)
                }
            }
        }
        #expect(seen == [.lexical: 12, .neighbour: 12])
        try await built.close()
    }
}
