import Elements
import Foundation
import RuleJudgeServer
import Store
import TestSupport
import Testing

/// Whole runs that intervene on latents inside a real model, and their controls.
@Suite(.timeLimit(.minutes(10))) struct InterventionScoreTests {
    private func topology(_ folder: TemporaryFolder, corpus: String) throws -> String {
        let sae = Folders.quickstart.appending(path: "sae").path
        try folder.write(
            """
            version: 1
            name: steered
            state: { directory: "\(folder.file("state"))", checkpoint: 1s, memory: 2GiB }
            models:
              subject: { path: "\(Folders.model)", bos: "<|endoftext|>" }
              judge:   { path: "\(Folders.model)", bos: none }
            sources:
              corpus: { type: file, path: "\(corpus)" }
            stages:
              tokens:   { type: tokenize,  inputs: [corpus], model: subject, context: 128 }
              residual: { type: forward,   inputs: [tokens], model: subject, hookpoints: [layers.10] }
              codes:    { type: encode,    inputs: [residual], coder: "\(sae)", hookpoint: layers.10 }
              evidence: { type: reservoir, inputs: [codes], window: 16, sample: 32, top: 4, pool: 512, seed: 7 }
              none:     { type: explain,   inputs: [evidence], explainer: none, latents: { sample: 12, seed: 3 }, when: drained,
                          minimum_examples: 24 }
              steered:  { type: score,     inputs: [none], method: intervention, model: judge, kl: 1, prompts_explain: 3,
                          prompts_score: 6, completion: 4, latents: { sample: 12, seed: 3 }, controls: 1 }
            sinks: {}
            """, to: "steered.yaml")
        return folder.file("steered.yaml")
    }

    @Test func aLatentsEffectsAreExplainedAndScored() throws {
        let subject = try TinySubject()
        let path = try topology(subject.folder, corpus: subject.corpus(documents: 24))
        let gloss = GlossProgram()
        #expect(try gloss.run(["validate", path]).status == 0)
        let run = try gloss.run(["run", path, "--until-drained"])
        try #require(run.status == 0, "\(run.errors)")
        let state = subject.folder.file("state")
        let all = try Store.reader(directory: state).scores(of: "steered")
        let (own, shuffled) = (all.filter { $0.control == nil }, all.filter { $0.control == "shuffled" })
        #expect(own.count >= 2 && shuffled.count == 1)
        for score in own {
            #expect(score.method == "intervention" && !score.text.isEmpty && score.judged == 6 && score.failed == 0)
            #expect(score.tokensIn > 0 && score.tokensOut > 0)
            let headline = try #require(score.headline)
            #expect(headline.lower <= headline.value && headline.value <= headline.upper && headline.count == 6)
            #expect(abs(try #require(score.details["kl"]).value - 1) <= 0.1)
            #expect(try #require(score.details["strength"]).value > 0)
            let best = try #require(score.details["explanations_best_optimistic"])
            #expect(best.count <= 5 && headline.value <= best.value && score.details["explanations_mean"] != nil)
            #expect(score.details["zero_ablation_kl"] != nil && score.details["standard_error"] != nil)
        }
        // The control stands on its own latent's intervention, under another one's explanation.
        let control = try #require(shuffled.first)
        let twin = try #require(own.first { $0.latent == control.latent })
        #expect(control.details["strength"] == twin.details["strength"] && control.details["kl"] == twin.details["kl"])
        #expect(own.contains { $0.text == control.text && $0.latent != control.latent })

        let report = try gloss.run(["report", state, "--json"]).output
        #expect(report.contains("\"intervention\""))
        // Once more in another state: the same names and the same bits.
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("/state\"", with: "/again\"").write(toFile: path, atomically: true, encoding: .utf8)
        try #require(try gloss.run(["run", path, "--until-drained"]).status == 0)
        let again = try Store.reader(directory: subject.folder.file("again")).scores(of: "steered")
        #expect(timeless(again) == timeless(all))
    }

    /// Scores without the number of the checkpoint they stand on: how many there were by then is the clock's.
    private func timeless(_ scores: [Score]) -> Set<Score> {
        Set(
            scores.map { score in
                var score = score
                score.round = score.round.map {
                    ScoringRound(
                        epoch: 0, windowsFired: $0.windowsFired, recent: $0.recent, contest: $0.contest)
                }
                return score
            })
    }

    @Test func aScorerBehindAnEndpointThatReadsNoTextsIsNamedBeforeAnythingIsRun() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .judges(RuleJudging(), .ignored))
        let subject = try TinySubject()
        let path = try topology(subject.folder, corpus: subject.corpus(documents: 2))
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacing(
                "sources:", with: "  far: { openai: \"http://127.0.0.1:\(server.port)/v1\", model: far }\nsources:"
            )
            .replacing("model: judge, kl", with: "model: judge, scorer: far, kl")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let gloss = GlossProgram()
        // The file is sound, whatever its servers can do.
        #expect(try gloss.run(["validate", path]).status == 0)
        let run = try gloss.run(["run", path, "--until-drained"])
        #expect(run.status == 78)
        #expect(run.errors.contains("E612") && run.errors.contains("steered asks model far how likely given texts are"))
        #expect(run.errors.contains("steered.yaml:17:"))
        let doctor = try gloss.run(["doctor", path])
        #expect(doctor.status == 1 && doctor.output.contains("FAIL  score steered"), "\(doctor.output)")
        server.expect(then: .judges())
        #expect(try gloss.run(["doctor", path]).output.contains("ok    score steered"))
        server.expect(then: .answers(503))
        #expect(try gloss.run(["doctor", path]).output.contains("warn  score steered"))
        await server.stop()
    }
}
