import Elements
import Running
import Scoring
import Testing
import Topology

@testable import Nodes

/// Interventions inside the tiny model.
@Suite(.timeLimit(.minutes(5))) struct InterventionScoreNodeTests {
    private static let nothing = "  nothing: { type: explain, explainer: none, inputs: [evidence], latents: LATENTS }\n"

    /// The coder's latents that fire most often, by evidence of the same corpus.
    private func often(_ files: FileGraph, _ count: Int) async throws -> [Int] {
        let built = try files.built()
        try await built.run()
        let view = try built.view("codes")
        try await built.close()
        return Array(
            (0..<256).sorted { view.statistics(of: $0).windowsFired > view.statistics(of: $1).windowsFired }
                .prefix(count))
    }

    @Test func promptsAreAsManyAsTheFieldsSayAndBeginAsContextsDo() async throws {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<24))
        let latents = try await often(files, 3)
        let stages =
            Self.nothing.replacing("LATENTS", with: "\(latents)") + """
                  moved: { type: score, method: intervention, model: far, inputs: [nothing], kl: 0.5, seed: 6,
                           prompts_explain: 4, prompts_score: 6, completion: 3, explanations: 2, temperature: 0,
                           controls: 1 }

                """
        let built = try BuiltGraph(
            files.graph(stages), in: files.fixture.directory, budget: PlantedGraph.spent)
        try await built.run()
        let plans = try built.plans(InterventionPlan.self, of: "moved")
        #expect(plans.map(\.latent).prefix(3) == latents.sorted()[...] && plans.count == 4)
        let bos = try built.graph.weights.bos(of: "subject")
        for plan in plans {
            let settings = plan.settings
            #expect((settings.divergence, settings.completionTokens, plan.seed) == (0.5, 3, 6))
            #expect((settings.explainingPrompts, settings.scoringPrompts) == (4, 6))
            #expect((settings.drawing?.count, settings.drawing?.temperature) == (2, 0))
            #expect(plan.prompts.explaining.count == 4 && plan.prompts.scoring.count == 6)
            #expect((plan.prompts.explaining + plan.prompts.scoring).allSatisfy { $0.first == bos })
            #expect(plan.explainer == "e" && plan.scorer == "e")
        }
        // The control is what another latent does.
        #expect(plans.prefix(3).allSatisfy { $0.control == nil && $0.explained == nil })
        let control = try #require(plans.last)
        #expect(control.control == "shuffled" && control.explained.map { $0.latent != control.latent } == true)
        try await built.close()
    }

    @Test func theModelThatIsChargedIsTheOneOnAServer() async throws {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<24))
        let latents = try await often(files, 1)
        let stages =
            Self.nothing.replacing("LATENTS", with: "\(latents)") + """
                  moved: { type: score, method: intervention, model: subject, scorer: far, inputs: [nothing],
                           prompts_explain: 2, prompts_score: 2, controls: 0 }

                """
        let built = try BuiltGraph(
            files.graph(stages), in: files.fixture.directory, budget: PlantedGraph.spent)
        try await built.run()
        let plan = try #require(try built.plans(InterventionPlan.self, of: "moved").first)
        #expect(plan.scorer == "e" && plan.explainer != "e")
        try await built.close()
    }

    @Test func withoutAForwardNodeThereIsNoSubject() async throws {
        let planted = try PlantedGraph(rows: 4)
        let built = try planted.built(
            Self.nothing.replacing("LATENTS", with: "all")
                + "  moved: { type: score, method: intervention, model: far, inputs: [nothing] }\n")
        let error = #expect(throws: DaemonError.self) { _ = try Pipeline(built.context) }
        #expect(error?.kind == .configuration)
        #expect(error?.description == "moved descends from no forward node, so it has no subject")
        try await built.close()
    }

    /// What a transcoder writes is another place than it reads: there is nothing at the hookpoint to be changed.
    @Test func aCoderThatWritesAnotherPlaceIsRefusedWhereTheNodeStands() throws {
        let stages =
            Self.nothing.replacing("LATENTS", with: "all")
            + "  moved: { type: score, method: intervention, model: far, inputs: [nothing] }\n"
        let fixture = try GraphFixture()
        #expect(try fixture.graph(stages: stages).diagnostics(file: "t.yaml").isEmpty)
        let transcoder = TinyModel.coder.replacing("sparsify_topk", with: "sparsify_transcoder")
        let found = try fixture.graph(stages: stages, encode: "coder: \(transcoder)").diagnostics(file: "t.yaml")
        #expect(found.map(\.code) == [DiagnosticCode.badCoder.rawValue])
        let message = try #require(found.first?.message)
        #expect(message.hasPrefix("moved: latents of \(transcoder) cannot be intervened on at layers.1: "))
        #expect(message.hasSuffix(" of another place"))
    }
}
