import Elements
import Foundation
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

/// The tiny Llama with llama3 rope scaling, grouped heads and an untied head, against Hugging Face transformers.
@Suite struct LlamaGoldenTests {
    let model: LanguageModel
    let golden: SafetensorsFile

    init() throws {
        model = try LanguageModel(path: GoldenFiles.path("architectures/llama"))
        golden = try SafetensorsFile(path: GoldenFiles.path("architectures/llama/golden.safetensors"))
    }

    @Test func configurationIsRead() {
        let configuration = model.configuration
        #expect(configuration.architecture == "llama")
        #expect(configuration.width == 64 && configuration.blocks == 3 && configuration.heads == 8)
        #expect(configuration.keyValueHeads == 2 && configuration.headWidth == 8)
        #expect(configuration.feedForwardWidth == 160 && configuration.vocabulary == 512)
        #expect(configuration.maximumContext == 131_072 && configuration.normEpsilon == 1e-6)
        #expect(
            configuration.rope?.scaling
                == .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 8192))
        #expect(model.name == "llama")
    }

    @Test(arguments: [BatchMode.ragged, .perContext]) func everyHookpointAgrees(mode: BatchMode) throws {
        let names = golden.tensors.keys.filter { $0.hasPrefix("layers.") }.sorted()
        #expect(names.count == 9)
        let pass = try ForwardPass(model: model, hookpoints: names.map { try model.hookpoint(named: $0) }, mode: mode)
        let activations = try pass.activations(of: contexts(golden))
        for name in names {
            let expected = try #require(golden.tensors[name]).floats()
            let found = try #require(activations[name])
            #expect(found.rows == 96 && found.columns == 64)
            #expect(relativeError(found.values, expected) < 1e-5, "\(name)")
        }
    }

    @Test func logitsAgree() throws {
        let pass = try ForwardPass(model: model, hookpoints: [], mode: model.batchMode())
        let expected = try #require(golden.tensors["logits"]).floats()
        let logits = try pass.logits(of: contexts(golden))
        #expect(logits.rows == 96 && logits.columns == 512)
        #expect(relativeError(logits.values, expected) < 1e-5)
    }

    @Test func greedyGenerationAgrees() throws {
        let ids = try #require(try contexts(golden, "greedy_ids").first)
        let session = try GenerationSession(model: model)
        let generated = try session.generate(prompt: Array(ids[..<8]), maximumTokens: 12)
        #expect(generated == Array(ids[8...]))
    }

    @Test func logProbabilitiesFollowFromTheLogits() throws {
        let contexts = try contexts(golden)
        let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        let logits = try #require(golden.tensors["logits"]).floats()
        let found = try pass.nextTokenLogProbabilities(of: contexts)
        for (index, context) in contexts.enumerated() {
            #expect(found[index].count == context.count - 1)
            for position in 0..<context.count - 1 {
                let row = logits[((index * 48 + position) * 512)..<((index * 48 + position + 1) * 512)].map(Double.init)
                let expected = row[Int(context[position + 1])] - log(row.reduce(0) { $0 + exp($1) })
                #expect(abs(Double(found[index][position]) - expected) < 1e-5)
            }
        }
    }
}
