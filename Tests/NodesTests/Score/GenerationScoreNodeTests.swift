import Elements
import Evidence
import Foundation
import Hashing
import Jobs
import RuleJudgeServer
import Running
import Scoring
import StateFixtures
import StateNotes
import Store
import Testing
import Tokenization
import Topology

@testable import Nodes

/// A server writes texts, and the tiny model reads them.
@Suite(.timeLimit(.minutes(5))) struct GenerationScoreNodeTests {
    private static let scores = """
          tried: { type: score, method: generation, model: far, inputs: [words], texts: 3, tokens: 20, temperature: 0,
                   strength: 0.25, controls: 1, seed: 5 }

        """

    /// A graph from a file of texts to evidence, with a server under the name `far`.
    private func graph(_ files: FileGraph, _ stages: String, far: String = "http://127.0.0.1:9/v1") throws -> Graph {
        try TopologyText.graph(
            of: """
                version: 1
                name: tiny
                models:
                  subject: { path: \(files.directory)/model, bos: "<|bos|>" }
                  far: { openai: "\(far)", model: e }
                sources: { corpus: { type: file, path: \(files.directory)/corpus.ndjson } }
                stages:
                  tokens: { type: tokenize, inputs: [corpus], model: subject, context: 24 }
                  residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1], batch: 64 }
                  codes: { type: encode, inputs: [residual], hookpoint: layers.1, coder: \(TinyModel.coder) }
                  evidence: { type: reservoir, inputs: [codes], window: 8 }

                """ + stages)
    }

    /// A stage that takes an explanation of each of some latents from a file.
    private func explained(_ latents: [Int], _ files: FileGraph) throws -> String {
        let rows = latents.map { #"{"latent": \#($0), "explanation": "words like \#($0)"}"# }
        let path = "\(files.directory)/explanations.jsonl"
        try Data(rows.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        return "  words: { type: explain, explainer: loaded, path: \(path), inputs: [evidence], minimum_examples: 1, "
            + "latents: \(latents), when: drained }\n"
    }

    /// What evidence keeps of an activation: 16 of its bits, rounded to the nearest, to even where two are as near.
    private func kept(_ activation: Float) -> Float {
        let bits = activation.bitPattern
        return Float(bitPattern: ((bits + 0x3fff + (bits >> 15 & 1)) >> 15) << 15)
    }

    /// The coder's latents that fire most often, by evidence of the same corpus.
    private func often(_ files: FileGraph, _ count: Int) async throws -> [Int] {
        let built = try files.built()
        try await built.run()
        let view = try built.view("codes")
        try await built.close()
        return Array(
            (0..<256).sorted {
                (view.statistics(of: $1).windowsFired, $0) < (view.statistics(of: $0).windowsFired, $1)
            }.prefix(count))
    }

    @Test func plansAreAsTheFieldsSay() async throws {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<24))
        let latents = try await often(files, 3)
        let stages = try explained(latents, files) + Self.scores
        let built = try BuiltGraph(graph(files, stages), in: files.fixture.directory, budget: PlantedGraph.spent)
        try await built.run()
        let plans = try built.plans(GenerationPlan.self, of: "tried")
        #expect(plans.map(\.latent).prefix(3) == latents.sorted()[...] && plans.count == 4)
        for plan in plans {
            #expect((plan.settings.texts, plan.settings.tokens, plan.settings.temperature) == (3, 20, 0))
            #expect(plan.settings.strength == 0.25 && plan.subject.seed == 5 && plan.strong > 0)
            #expect(plan.subject.judge == "e" && plan.reader == plans[0].reader && !plan.subject.text.isEmpty)
        }
        #expect(plans.prefix(3).allSatisfy { $0.control == nil })
        let control = try #require(plans.last)
        #expect(control.control == "shuffled")
        #expect(plans.prefix(3).contains { $0.explanation == control.explanation && $0.latent != control.latent })
        #expect(try built.store.jobs(of: "tried").allSatisfy { $0.state == .open })
        try await built.close()
    }

    /// The model writes texts that are in the corpus: the subject reads them with the bits that the evidence has.
    @Test func whatIsWrittenIsReadAsTheEvidenceWasMade() async throws {
        let files = try FileGraph()
        let texts = FileGraph.texts(0..<24)
        try files.append(texts: texts)
        let latents = try await often(files, 3)
        let server = try await RuleJudgeServer.start()
        server.expect(
            then: .says(texts.prefix(3).enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")))
        let stages = try explained(latents, files) + Self.scores
        let built = try BuiltGraph(graph(files, stages, far: server.endpoint), in: files.fixture.directory)
        try await built.run()
        let view = try built.view("codes")
        let tokenizer = try built.graph.weights.tokenizer("subject")
        let bos = try #require(try built.graph.weights.bos(of: "subject"))
        let scores = try built.store.scores(of: "tried")
        #expect(scores.count == 4 && scores.count { $0.control != nil } == 1)
        var compared = 0
        for score in scores {
            // The same texts were written for the explanation and for none.
            #expect(
                score.headline?.value == 0.5 && score.judged == 6 && score.failed == 0 && score.method == "generation")
            let bytes = try #require(try built.store.verdicts(of: score.job))
            let written = try #require(WrittenTexts(bytes: bytes)).texts
            #expect(written.map(\.isMeant) == [true, true, true, false, false, false])
            let evidence = view.evidence(of: score.latent)
            for (text, read) in zip(texts.prefix(3) + texts.prefix(3), written) {
                let ids = tokenizer.encode(text)
                #expect(read.text == tokenizer.text(of: ids.prefix(20)))
                // The first window of the document: BOS, and seven tokens of it.
                let window = [bos] + ids.prefix(7)
                guard let example = (evidence.train + evidence.test).first(where: { $0.window.tokens == window }) else {
                    #expect(
                        view.pool.first { $0.window.tokens == window }?.latents.contains(Int32(score.latent)) != true)
                    continue
                }
                let end = ids.prefix(7).reduce(0) { $0 + tokenizer.bytes(of: $1).count }
                let found = read.firings.filter { $0.bytes.lowerBound < end }.map { kept($0.activation) }
                #expect(found == example.activations.filter { $0 > 0 } && !found.isEmpty)
                compared += 1
            }
        }
        #expect(compared > 2)
        // Texts for none are asked for once, those of each explanation once for each job.
        #expect(server.requests.count == 5)
        #expect(try built.store.jobStates()["tried"] == [.done: 4])
        #expect(built.spend.models["far"]?.calls == 5)
        try await built.close()
        await server.stop()
    }

    /// A plan holds all that a job needs, so that one which an earlier process planned is carried out.
    @Test func jobsThatAnEarlierProcessLeftOpenAreDone() async throws {
        let files = try FileGraph()
        let texts = FileGraph.texts(0..<24)
        try files.append(texts: texts)
        let latents = try await often(files, 2)
        let server = try await RuleJudgeServer.start()
        server.expect(then: .says("1. \(texts[3])\n2. \(texts[4])\n3. \(texts[5])"))
        let stages = try explained(latents, files) + Self.scores
        func run(budget: Budget?) async throws -> (planned: [JobID], scored: [JobID]) {
            let built = try BuiltGraph(
                graph(files, stages, far: server.endpoint), in: files.fixture.directory, budget: budget)
            try await built.run()
            let found = (
                try built.store.jobs(of: "tried", in: .open).map(\.job.id),
                try built.store.scores(of: "tried").map(\.job)
            )
            try await built.close()
            return found
        }
        let before = try await run(budget: PlantedGraph.spent)
        #expect(before.planned.count == 3 && before.scored.isEmpty && server.requests.isEmpty)
        let after = try await run(budget: nil)
        #expect(after.planned.isEmpty && Set(after.scored) == Set(before.planned))
        await server.stop()
    }

    @Test func aModelThatWritesNoListFailsTheJobsAndSaysWhy() async throws {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<24))
        let latents = try await often(files, 1)
        let server = try await RuleJudgeServer.start()
        server.expect(then: .says("I am sorry, I cannot help with that."))
        let stages = try explained(latents, files) + Self.scores
        let built = try BuiltGraph(graph(files, stages, far: server.endpoint), in: files.fixture.directory)
        try await built.run()
        let failed = try built.store.jobs(of: "tried", in: .failed)
        #expect(failed.count == 1 && failed.first?.reason?.contains("the answer is no list of texts") == true)
        #expect(try built.store.scores(of: "tried").isEmpty)
        try await built.close()
        await server.stop()
    }

    @Test func codesOfACacheHaveNoSubjectToRead() async throws {
        let planted = try PlantedGraph(rows: 4)
        let built = try planted.built(
            "  words: { type: explain, explainer: lexical, inputs: [evidence] }\n"
                + "  tried: { type: score, method: generation, model: far, inputs: [words] }\n")
        let error = #expect(throws: DaemonError.self) { _ = try Pipeline(built.context) }
        #expect(error?.kind == .configuration)
        #expect(
            error?.description
                == "tried descends from no encode and forward node, so there is no subject to read what is written")
        try await built.close()
    }
}
