import Elements
import Foundation
import LanguageModels
import LinearAlgebra
import Testing
import WeightFiles

/// Gemma 3 270M from its quantised GGUF file, against Hugging Face transformers on the dequantised weights.
@Suite(.serialized) struct Gemma3Tests {
    private static let reference = GoldenModel(folder: "gemma3", file: "gemma-3-270m-q4_k_m.gguf")
    private static let model = Result { try LanguageModel(path: reference.path) }

    private let golden: SafetensorsFile
    private let contexts: [[UInt32]]

    init() throws {
        golden = try Self.reference.tensors()
        contexts = try Self.reference.contexts()
    }

    @Test func activationsAgreeInEveryTensor() throws {
        let model = try Self.model.get()
        let names = golden.tensors.keys.filter { $0.hasPrefix("layers.") }.sorted()
        #expect(names == ["layers.0", "layers.17", "layers.5", "layers.5.mlp", "layers.9"])
        let pass = try ForwardPass(
            model: model, hookpoints: names.map { try model.hookpoint(named: $0) }, mode: model.batchMode())
        let activations = try pass.activations(of: contexts)
        for name in names {
            let expected = try #require(golden.tensors[name]).floats()
            let found = try #require(activations[name]).values
            #expect(found.count == expected.count)
            let whole = GoldenModel.relativeError(found[...], expected[...])
            print("\(name): relative error \(whole)")
            #expect(whole < 1e-4, "\(name)")
        }
    }

    @Test func theLikeliestTokensAndTheirLogitsAgree() throws {
        let pass = try ForwardPass(model: Self.model.get(), hookpoints: [], mode: .perContext)
        let logits = try pass.logits(of: contexts)
        let expectedIDs = try #require(golden.tensors["top_ids"]).integers()
        let expectedLogits = try #require(golden.tensors["top_logits"]).floats()
        let found = (0..<512 * 20).map { logits.values[$0 / 20 * logits.columns + Int(expectedIDs[$0])] }
        let error = GoldenModel.relativeError(found[...], expectedLogits[...])
        print("top logits: relative error \(error)")
        #expect(error < 1e-4)
        for row in 0..<512 {
            let values = logits.values[(row * logits.columns)..<((row + 1) * logits.columns)]
            let best = try #require(values.max())
            // Tokens whose logits differ by rounding only may change places.
            #expect(abs(best - expectedLogits[row * 20]) < 2e-3)
            #expect(values[values.startIndex + Int(expectedIDs[row * 20])] > best - 2e-3)
        }
    }

    @Test func nextTokenLogProbabilitiesAgree() throws {
        let pass = try ForwardPass(model: Self.model.get(), hookpoints: [], mode: .perContext)
        let expected = try #require(golden.tensors["next_token_logprobs"]).floats()
        let found = try pass.nextTokenLogProbabilities(of: contexts).flatMap { $0 }
        #expect(found.count == expected.count)
        let error = GoldenModel.relativeError(found[...], expected[...])
        print("next-token log-probabilities: relative error \(error)")
        #expect(error < 1e-4)
    }

    @Test func greedyContinuationsAreEqual() throws {
        try Self.reference.expectEqualContinuations(Self.model.get())
    }
}
