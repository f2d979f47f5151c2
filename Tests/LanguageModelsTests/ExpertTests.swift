import Elements
import Foundation
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModels

/// Mixtures of experts.
@Suite struct ExpertTests {
    private static func choice(_ settings: ExpertSettings, _ scores: [Float]) -> [Int: Double] {
        scores.withUnsafeBufferPointer { scores in
            Dictionary(uniqueKeysWithValues: settings.choice(scores).map { ($0.expert, Double($0.weight)) })
        }
    }

    @Test(arguments: [1, 2, 5, 8], [true, false]) func theHighestScoresAreChosen(chosen: Int, isNormalised: Bool) {
        let settings = ExpertSettings(count: 8, chosen: chosen, width: 4, isNormalised: isNormalised)
        var random = SplitMix(state: UInt64(chosen))
        for _ in 0..<50 {
            let scores = (0..<8).map { _ in Float(random.next() % 1000) / 100 - 5 }
            let highest = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(chosen)
            let shares = scores.map { exp(Double($0)) }
            let sum = isNormalised ? highest.reduce(0) { $0 + shares[$1] } : shares.reduce(0, +)
            let found = Self.choice(settings, scores)
            #expect(found.keys.sorted() == highest.sorted())
            for (expert, weight) in found { #expect(abs(weight - shares[expert] / sum) < 1e-6) }
        }
    }

    @Test func scoresThatAreNoNumbersChooseNonetheless() {
        let settings = ExpertSettings(count: 4, chosen: 2, width: 4, isNormalised: true)
        for scores in [[Float.nan, 1, 2, 3], [1, .nan, .nan, .nan], [.nan, .nan, .nan, .nan], [.infinity, 1, 1, 1]] {
            #expect(Self.choice(settings, scores).count == 2)
        }
    }

    @Test func aBlockOfExpertsHasNoNeurons() throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/qwen3_moe"))
        #expect(try model.hookpoint(named: "layers.0.mlp.neurons").block == 0)
        #expect(throws: ModelError.noNeurons(hookpoint: "layers.1.mlp.neurons")) {
            try model.hookpoint(named: "layers.1.mlp.neurons")
        }
        #expect(throws: ModelError.noNeurons(hookpoint: "layers.3.mlp.neurons")) {
            try model.width(at: Hookpoint(block: 3, site: .neurons))
        }
        #expect(ModelError.noNeurons(hookpoint: "layers.1.mlp.neurons").description.contains("mixture of experts"))
    }

    @Test func aContextGivesTheSameBitsWhateverItIsBatchedWith() throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/qwen3_moe"))
        let hookpoint = Hookpoint(block: 3, site: .residual)
        let pass = try ForwardPass(model: model, hookpoints: [hookpoint], mode: model.batchMode())
        let contexts = [48, 1, 5, 128, 17].enumerated().map {
            ForwardPassTests.context($0.element, seed: UInt32($0.offset))
        }
        let together = try #require(try pass.activations(of: contexts)["layers.3"]).values
        var start = 0
        for context in contexts {
            let alone = try #require(try pass.activations(of: [context])["layers.3"]).values
            #expect(together[start..<start + alone.count].map(\.bitPattern) == alone.map(\.bitPattern))
            start += alone.count
        }
    }

    @Test(arguments: [
        ("num_experts", "0"), ("num_experts", "9"), ("num_experts_per_tok", "9"), ("num_experts_per_tok", "0"),
        ("moe_intermediate_size", "41"), ("norm_topk_prob", "3"), ("mlp_only_layers", "7"),
        ("mlp_only_layers", "[\"1\"]"), ("mlp_only_layers", "[1]"), ("decoder_sparse_step", "0"),
        ("decoder_sparse_step", "1"), ("attention_bias", "true"),
    ])
    func aWrongSettingIsRefused(key: String, value: String) throws {
        let folder = try ModelFolder("qwen3_moe")
        _ = try LanguageModel(path: folder.path)
        let object = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        try folder.changeSettings { $0[key] = object }
        let error = #expect(throws: ModelError.self) { try LanguageModel(path: folder.path) }
        #expect(error?.description.contains(folder.path) == true)
    }
}
