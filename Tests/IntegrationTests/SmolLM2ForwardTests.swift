import Elements
import Foundation
import LanguageModels
import LinearAlgebra
import Testing
import WeightFiles

/// SmolLM2-135M-Instruct from its quantised GGUF file, against Hugging Face transformers on the dequantised weights.
@Suite(.serialized) struct SmolLM2ForwardTests {
    private static let reference = GoldenModel(folder: "smollm2", file: "SmolLM2-135M-Instruct.Q4_1.gguf")
    private static let model = Result { try LanguageModel(path: reference.path) }

    private let golden: SafetensorsFile
    private let contexts: [[UInt32]]

    init() throws {
        golden = try Self.reference.tensors()
        contexts = try Self.reference.contexts()
    }

    @Test func activationsAgreeInEveryTensorAndEveryToken() throws {
        let model = try Self.model.get()
        let names = ["layers.0", "layers.10.mlp", "layers.10", "layers.20", "layers.29"]
        let pass = try ForwardPass(
            model: model, hookpoints: names.map { try model.hookpoint(named: $0) }, mode: model.batchMode())
        let activations = try pass.activations(of: contexts)
        for name in names {
            let expected = try #require(golden.tensors[name]).floats()
            let found = try #require(activations[name]).values
            #expect(found.count == expected.count)
            let whole = GoldenModel.relativeError(found[...], expected[...])
            let tokens = (0..<512).map { token in
                let range = token * 576..<token * 576 + 576
                return GoldenModel.relativeError(found[range], expected[range])
            }
            print("\(name): relative error \(whole), worst token \(tokens.max() ?? 0)")
            #expect(whole < 1e-4, "\(name)")
            #expect(tokens.allSatisfy { $0 < 1e-3 }, "\(name)")
        }
    }

    @Test func theLikeliestTokensAndTheirLogitsAgree() throws {
        let pass = try ForwardPass(model: Self.model.get(), hookpoints: [], mode: .perContext)
        let logits = try pass.logits(of: contexts)
        let expectedIDs = try #require(golden.tensors["top_ids"]).integers()
        let expectedLogits = try #require(golden.tensors["top_logits"]).floats()
        for row in 0..<512 {
            let values = logits.values[(row * logits.columns)..<((row + 1) * logits.columns)]
            let least = expectedLogits[row * 20 + 19] - 0.01
            let best = values.indices.filter { values[$0] >= least }.sorted { values[$0] > values[$1] }.prefix(20)
            #expect(best.count == 20)
            for (place, index) in best.enumerated() {
                let id = Int(expectedIDs[row * 20 + place])
                let expected = expectedLogits[row * 20 + place]
                // Tokens whose logits differ by rounding only may change places.
                #expect(abs(values[values.startIndex + id] - expected) < 2e-3)
                #expect(index - values.startIndex == id || abs(values[index] - expected) < 2e-3)
            }
            #expect(best.first.map { $0 - values.startIndex } == Int(expectedIDs[row * 20]))
        }
    }

    @Test func nextTokenLogProbabilitiesAgree() throws {
        let pass = try ForwardPass(model: Self.model.get(), hookpoints: [], mode: .perContext)
        let expected = try #require(golden.tensors["next_token_logprobs"]).floats()
        let found = try pass.nextTokenLogProbabilities(of: contexts).flatMap { $0 }
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test func greedyContinuationsAreEqual() throws {
        try Self.reference.expectEqualContinuations(Self.model.get())
    }

    @Test func contextsDoNotInfluenceEachOther() throws {
        let model = try Self.model.get()
        let hookpoints = [try model.hookpoint(named: "layers.3"), try model.hookpoint(named: "layers.2.attn")]
        let pass = try ForwardPass(model: model, hookpoints: hookpoints, mode: model.batchMode())
        let batch = [contexts[1], Array(contexts[2].prefix(7)), contexts[0], Array(contexts[3].prefix(1)), contexts[2]]
        let together = try pass.activations(of: batch)
        var start = 0
        for context in batch {
            let alone = try pass.activations(of: [context])
            for hookpoint in hookpoints {
                let name = hookpoint.description
                let single = try #require(alone[name]).values.map(\.bitPattern)
                let range = start * 576..<(start + context.count) * 576
                #expect(try #require(together[name]).values[range].map(\.bitPattern) == single)
            }
            start += context.count
        }
    }
}
