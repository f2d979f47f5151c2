import Running
import SparseCoders
import Testing
import Topology

@testable import Nodes

@Suite struct CoderChoiceTests {
    private func topology(coder: String) throws -> Topology {
        let text = """
            version: 1
            name: t
            models: { subject: { path: m } }
            sources: { corpus: { type: stdin } }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1.mlp.neurons] }
              codes: { type: encode, inputs: [residual], hookpoint: layers.1.mlp.neurons, \(coder) }
            """
        return try TopologyText.topology(of: text)
    }

    private func choice(_ coder: String) throws -> CoderChoice {
        try EncodeNode(#require(try topology(coder: coder).node("codes"))).choice()
    }

    @Test func theWordsSelectWhatHasNoFolder() throws {
        #expect(try choice("coder: neurons") == .neurons(k: 32, sides: .positive))
        #expect(try choice("coder: neurons, k: 256, sides: absolute") == .neurons(k: 256, sides: .absolute))
        #expect(try choice("coder: random, like: ./sae, seed: 9") == .random(like: "./sae", seed: 9))
        #expect(try choice("coder: ./neurons") == .folder("./neurons"))
    }

    @Test func neuronsTakeTheWidthOfTheirHookpoint() throws {
        let coder = try CoderChoice.neurons(k: 4, sides: .signed).open(width: 128)
        #expect(coder.inputWidth == 128)
        #expect(coder.latents == 256)
        #expect(throws: DaemonError.self) { _ = try CoderChoice.neurons(k: 4, sides: .signed).open(width: nil) }
    }

    @Test func aRandomCoderHasTheShapeOfTheOtherAndItsSeedsDiffer() throws {
        let trained = try SparseCoder(folder: TinyModel.coder)
        let one = try CoderChoice.random(like: TinyModel.coder, seed: 1).open(width: nil)
        let two = try CoderChoice.random(like: TinyModel.coder, seed: 2).open(width: nil)
        #expect((one.inputWidth, one.latents) == (trained.inputWidth, trained.latents))
        #expect(Set([trained.digest, one.digest, two.digest]).count == 3)
    }
}
