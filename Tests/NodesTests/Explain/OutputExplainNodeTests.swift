import Elements
import Explaining
import Foundation
import Inference
import Jobs
import Observability
import RuleJudgeServer
import Running
import StateFixtures
import Store
import TestSupport
import Testing
import Topology

@testable import Nodes

/// Explanations by what latents of the tiny model change in its output.
@Suite(.timeLimit(.minutes(5))) struct OutputExplainNodeTests {
    private static let node = "type: explain, explainer: output, inputs: [evidence], model: far"

    /// Latents by how often they fire, and the evidence of the corpus that all tests read.
    private func view(_ files: FileGraph) async throws -> (often: [Int], view: any EvidenceView) {
        let built = try BuiltGraph(files.graph(), in: files.fixture.directory)
        try await built.run()
        let view = try built.view("codes")
        try await built.close()
        try FileManager.default.removeItem(atPath: files.fixture.directory.state)
        let fired = (0..<view.coder.latents).map { ($0, view.statistics(of: $0).windowsFired) }
        return (fired.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0), view)
    }

    private func corpus() throws -> FileGraph {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<24))
        return files
    }

    @Test func theAdditionIsThatOfTheFieldsAndTheTextsAreOrdinaryOnesOfTheTrainSide() async throws {
        let files = try corpus()
        let (often, view) = try await view(files)
        let silent = try #require(often.last)
        #expect(view.statistics(of: silent).windowsFired == 0)
        let latents = Array(often.prefix(2))
        let built = try BuiltGraph(
            files.graph(
                """
                  does: { \(Self.node), latents: \(latents + [silent]), minimum_examples: 1, texts: 5, strength: 3,
                          changed_tokens: 4, promoted_tokens: 2, continuations: 1, continuation: 6, seed: 8 }

                """), in: files.fixture.directory, budget: PlantedGraph.spent)
        try await built.run()
        let plans = try built.store.jobs(of: "does").map { try $0.job.foundedPlan(OutputPlan.self) }
            .sorted { $0.latent < $1.latent }
        // A latent that has never fired has no strength; it is looked at again when it has.
        #expect(plans.map(\.latent) == latents.sorted())
        let bos = try built.graph.weights.bos(of: "subject")
        let train = Set(view.pool.filter { $0.isTrain && !$0.isTest }.map(\.window.identity))
        for plan in plans {
            #expect(plan.texts.count == 5 && plan.texts == plans[0].texts && plan.seed == 8)
            #expect(plan.texts.allSatisfy { $0.tokens.first == bos && train.contains($0.identity) })
            let fired = view.evidence(of: plan.latent).train.flatMap(\.activations).filter { $0 > 0 }.sorted()
            #expect(plan.addend == 3 * fired[(9 * fired.count + 9) / 10 - 1])
            #expect(plan.settings.promptTokens == 4000 && !plan.settings.startsAnswer && plan.settings.strength == 3)
            #expect(plan.promoted?.raised.count ?? 0 <= 2)
        }
        try await built.close()
    }

    /// A process that ends in the middle leaves jobs that the next one carries out as the first would have.
    @Test func latentsAreExplainedAcrossARestartAsInOneRun() async throws {
        let files = try corpus()
        let latents = Array(try await view(files).often.prefix(4))
        let server = try await RuleJudgeServer.start()
        server.expect(then: .says("[EXPLANATION]: makes the model count"))
        let stages = "  does: { \(Self.node), latents: \(latents), minimum_examples: 1, texts: 4, concurrency: 1 }\n"
        func run(_ budget: Budget? = nil) async throws -> [Explanation] {
            let built = try BuiltGraph(
                files.graph(stages, far: server.endpoint), in: files.fixture.directory, budget: budget)
            try await built.run()
            let explanations = try built.store.explanations(of: "does")
            try await built.close()
            return explanations
        }
        // The first answer spends all there is.
        #expect(try await run(Budget(tokens: 1, cost: nil)).count == 1)
        #expect(server.requests.count == 1)
        let explanations = try await run()
        #expect(explanations.map(\.latent).sorted() == latents.sorted() && server.requests.count == 4)
        for explanation in explanations {
            #expect(explanation.text == "makes the model count" && explanation.predicate == nil)
            #expect((explanation.provenance.explainer, explanation.provenance.model) == ("output", "e"))
            #expect(explanation.provenance.shown.count == 4 && explanation.provenance.basis != nil)
        }
        // All is done, and nothing is asked twice.
        #expect(try await run().count == 4)
        #expect(server.requests.count == 4)
        let parted = server.requests.map(\.body)
        try FileManager.default.removeItem(atPath: files.fixture.directory.state)
        #expect(try await run() == explanations)
        #expect(server.requests.dropFirst(4).map(\.body) == parted)
        let asked = String(decoding: parted[0], as: UTF8.self)
        #expect(asked.contains("Likelier: ") && asked.contains("- without: ") && asked.contains("- with: "))
        await server.stop()
    }

    @Test func anAnswerWithoutASentenceFailsItsOwnLatentOnly() async throws {
        let files = try corpus()
        let latents = Array(try await view(files).often.prefix(3))
        let server = try await RuleJudgeServer.start()
        server.expect(.says("I see no pattern."), then: .says("[EXPLANATION]: makes the model count"))
        let built = try BuiltGraph(
            files.graph(
                "  does: { \(Self.node), latents: \(latents), minimum_examples: 1, texts: 3, concurrency: 1 }\n",
                far: server.endpoint), in: files.fixture.directory)
        try await built.run()
        #expect(try built.store.explanations(of: "does").count == 2)
        let failed = try built.store.jobs(of: "does").filter { $0.state == .failed }
        #expect(failed.count == 1 && failed[0].reason?.hasPrefix("no-answer: ") == true)
        #expect(built.progress.reading.failures["does"] == 1)
        try await built.close()
        await server.stop()
    }

    @Test func codesWithoutASubjectAreRefusedWhereTheNodeStands() throws {
        let fixture = try GraphFixture()
        let graph = try fixture.graph(
            """
            sources: { cached: { type: delphi_cache, path: \(GraphFixture.cache), hookpoint: layers.10, model: subject } }
            stages:
              evidence: { type: reservoir, inputs: [cached] }
              does: { \(Self.node) }

            """)
        let found = graph.diagnostics(file: "t.yaml").filter { $0.code == DiagnosticCode.badCoder.rawValue }
        #expect(found.map(\.message) == ["does descends from no forward node, so it has no subject"])
        #expect(found.first?.mark?.line == 9)
        #expect(found.first?.help?.contains("explainer: default") == true)
    }

    /// What a transcoder writes is where its latents are turned up.
    @Test func transcodersAreTakenAlsoIfANormComesAfterWhatTheyWrite() throws {
        let coder = "coder: \(TinyModel.coder.replacing("sparsify_topk", with: "sparsify_transcoder"))"
        let stages = "  does: { \(Self.node) }\n"
        let fixture = try GraphFixture()
        #expect(try fixture.graph(stages: stages, encode: coder).diagnostics(file: "t.yaml").isEmpty)
        for file in ["config.json", "model.safetensors"] {
            let path = fixture.directory.path + "/model/" + file
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.copyItem(
                atPath: GoldenFiles.path("architectures/gemma2/") + file, toPath: path)
        }
        #expect(try fixture.graph(stages: stages).diagnostics(file: "t.yaml").isEmpty)
        // Behind that norm is a hookpoint of its own.
        #expect(try fixture.graph(stages: stages, encode: coder).diagnostics(file: "t.yaml").isEmpty)
    }
}
