import Elements
import Foundation
import Statistics
import Store
import TestSupport
import Testing

/// Whole runs that score by meaning with the real sentence encoder, and their controls.
@Suite(.timeLimit(.minutes(10))) struct EmbeddingScoreTests {
    private struct Report: Decodable {
        struct Control: Decodable {
            let latents: Int
            let mean: Double?
            let interval: [Double]?
            let note: String
        }
        struct Method: Decodable {
            let latents: Int
            let mean: Double
            let interval: [Double]
            let failed: Int
            let tokens_per_latent: Double
            let controls: [String: Control]
        }
        struct Correlation: Decodable {
            let latents: Int
            let spearman: Double?
            let pearson: Double?
        }
        let evidence_digest: String?
        let methods: [String: Method]
        let skipped: [String: Int]
        let correlations: [String: Correlation]
    }

    private func topology(_ subject: TinySubject, corpus: String) throws -> String {
        let path = try subject.topology("meaning", source: "{ type: file, path: \"\(corpus)\" }")
        let encoder = Folders.root.appending(path: "models/all-MiniLM-L6-v2").path
        let coder = GoldenFiles.path("coders/sparsify_topk")
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacing("sources:", with: "  minilm: { path: \"\(encoder)\" }\nsources:", maxReplacements: 1)
            .replacing(
                "sinks: {}",
                with: """
                      embedded: { type: score,  inputs: [lexical], method: embedding, model: minilm, examples: 8 }
                      chance:   { type: encode, inputs: [residual], coder: random, like: "\(coder)", hookpoint: layers.1 }
                      sampled:  { type: reservoir, inputs: [chance], window: 16, sample: 32, top: 4, pool: 512, seed: 7 }
                      words:    { type: explain, inputs: [sampled], explainer: lexical, when: drained }
                      tried:    { type: score,  inputs: [words], method: embedding, model: minilm, examples: 8 }
                    sinks: {}
                    """)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func everyExplanationIsScoredBesideItsControls() throws {
        let subject = try TinySubject()
        let path = try topology(subject, corpus: subject.corpus(documents: 60))
        let gloss = GlossProgram()
        #expect(try gloss.run(["validate", path]).status == 0)
        let run = try gloss.run(["run", path, "--until-drained"])
        try #require(run.status == 0, "\(run.errors)")
        let state = subject.state("meaning")
        let all = try Store.reader(directory: state).scores(of: "embedded")
        let (own, shuffled) = (all.filter { $0.control == nil }, all.filter { $0.control == "shuffled" })
        #expect(own.count > 20 && own.count + shuffled.count == all.count)
        #expect(shuffled.count <= own.count && shuffled.count > own.count / 2)
        // A control stands on another latent's windows than those of the explanation's own latent.
        let latents = Dictionary(uniqueKeysWithValues: own.map { ($0.explanation, $0.latent) })
        #expect(shuffled.allSatisfy { latents[$0.explanation] != $0.latent })
        #expect(own.allSatisfy { $0.details["firing_rate"] != nil && $0.headline == $0.details["auroc"] })
        // What windows share is paid for once.
        let texts = own.reduce(0) { $0 + $1.judged + 1 }
        #expect(own.reduce(0) { $0 + $1.tokensIn } < texts * 10)

        let report = try JSONDecoder().decode(
            Report.self, from: Data(gloss.run(["report", state, "--json"]).output.utf8))
        #expect(report.evidence_digest?.count == 32)
        let embedding = try #require(report.methods["embedding"])
        #expect(embedding.latents == own.count && embedding.failed == 0 && embedding.tokens_per_latent > 0)
        #expect(embedding.interval[0] <= embedding.mean && embedding.mean <= embedding.interval[1])
        let control = try #require(embedding.controls["shuffled"])
        #expect(control.latents == shuffled.count)
        #expect(abs(try #require(control.mean) - 0.5) < 0.1)
        #expect((embedding.controls["random_coder"]?.latents ?? 0) > 20)
        let execution = try #require(report.methods["execution"])
        #expect(execution.controls["random_coder"]?.mean == nil)
        #expect(execution.controls["random_coder"]?.note.hasPrefix("no encode node") == true)
        #expect(report.correlations["embedded(lexical) ~ executed(lexical)"]?.latents == own.count)
        #expect(Set(report.skipped.keys) == ["dead", "too_few", "too_few_held_out", "too_dense", "failed"])
        let table = try gloss.run(["report", state]).output
        #expect(table.contains("    control shuffled: ") && table.contains("LATENTS WITHOUT A SCORE"))

        // A second run finds everything done: nothing is scored twice, no control is made anew.
        #expect(try gloss.run(["run", path, "--until-drained"]).status == 0)
        #expect(Set(try Store.reader(directory: state).scores(of: "embedded").map(\.job)) == Set(all.map(\.job)))
    }

    @Test func aSentenceEncoderThatNoNodeUsesIsSound() throws {
        let subject = try TinySubject()
        let path = try subject.topology(
            "idle", source: "{ type: file, path: \"\(try subject.corpus(documents: 2))\" }")
        let encoder = Folders.root.appending(path: "models/all-MiniLM-L6-v2").path
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacing("models:\n", with: "models:\n  idle: { path: \"\(encoder)\" }\n")
        try #require(text.contains("idle: {"))
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try GlossProgram().run(["validate", path])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func aLanguageModelIsNoSentenceEncoder() throws {
        let subject = try TinySubject()
        let path = try topology(subject, corpus: subject.corpus(documents: 2))
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacing(Folders.root.appending(path: "models/all-MiniLM-L6-v2").path, with: subject.folder.file("model"))
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try GlossProgram().run(["validate", path])
        #expect(outcome.status != 0)
        #expect((outcome.errors + outcome.output).contains("minilm"))
    }
}
