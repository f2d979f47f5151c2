import Elements
import Foundation
import Store
import TestSupport
import Testing

/// Whole runs over several hookpoints and kinds of coders at once.
@Suite(.timeLimit(.minutes(5))) struct CoderKindsTests {
    @Test func oneForwardFeedsTrainedRandomAndNeuronCoders() throws {
        let subject = try TinySubject()
        defer { withExtendedLifetime(subject) {} }
        let corpus = try subject.corpus(documents: 60)
        let path = try subject.topology("kinds", source: "{ type: file, path: \"\(corpus)\" }")
        let coder = GoldenFiles.path("coders/sparsify_topk")
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacing("hookpoints: [layers.1],", with: "hookpoints: [layers.1, layers.0.mlp.neurons],")
            .replacing(
                "sinks: {}",
                with: """
                      control: { type: encode, inputs: [residual], coder: random, like: "\(coder)", seed: 5, hookpoint: layers.1 }
                      seen:    { type: reservoir, inputs: [control], window: 16, sample: 32, top: 4, pool: 512, seed: 7 }
                      words:   { type: explain, inputs: [seen], explainer: lexical, when: drained }
                      neurons: { type: encode, inputs: [residual], coder: neurons, k: 8, sides: signed,
                                 hookpoint: layers.0.mlp.neurons }
                      fired:   { type: reservoir, inputs: [neurons], window: 16, sample: 32, top: 4, pool: 512, seed: 7 }
                      terms:   { type: explain, inputs: [fired], explainer: lexical, when: drained }
                      tried:   { type: score, inputs: [terms], method: execution }
                      chance:  { type: score, inputs: [words], method: execution }
                    sinks: {}
                    """)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try GlossProgram().run(["run", path, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let reader = try Store.reader(directory: subject.state("kinds"))
        let byCoder = Dictionary(grouping: try reader.explanations(), by: \.coder.name)
        #expect(byCoder.keys.sorted() == ["codes", "control", "neurons"])
        #expect(byCoder.values.allSatisfy { $0.count > 10 })
        #expect(byCoder["neurons"]?.first?.coder.hookpoint == "layers.0.mlp.neurons")
        #expect(Set(try reader.scores(of: "tried").map(\.coder.name)) == ["neurons"])
        #expect(Set(try reader.scores(of: "chance").map(\.coder.name)) == ["control"])
    }
}
