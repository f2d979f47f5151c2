import Elements
import Foundation
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

/// What every hookpoint holds, against the formulas that tie it to the others.
@Suite struct HookpointTests {
    static let architectures =
        ArchitectureGoldenTests.architectures.filter { !["qwen3_moe", "gpt_oss"].contains($0) }
        + ArchitectureGoldenTests.imageModels
    static let tokens: [UInt32] = [5, 300, 17, 411, 2]

    private static func activations(
        _ model: LanguageModel, _ hookpoints: [Hookpoint]
    ) throws -> [String: Matrix] {
        try ForwardPass(model: model, hookpoints: hookpoints, mode: .perContext).activations(of: [tokens])
    }

    private static func hookpoints(block: Int) -> [Hookpoint] {
        Hookpoint.Site.allCases.map { Hookpoint(block: block, site: $0) }
    }

    private static func rows(_ matrix: Matrix?) throws -> [[Double]] {
        let matrix = try #require(matrix)
        return (0..<matrix.rows).map { row in
            matrix.values[(row * matrix.columns)..<((row + 1) * matrix.columns)].map(Double.init)
        }
    }

    private static func error(_ found: [[Double]], _ expected: [[Double]]) -> Double {
        relativeError(found.flatMap { $0.map { Float($0) } }, expected.flatMap { $0.map { Float($0) } })
    }

    /// Checks each place of a block against the places before it.
    private static func check(_ model: LanguageModel, _ block: NaiveBlock, index: Int) throws {
        let found = try activations(model, hookpoints(block: index))
        func at(_ site: Hookpoint.Site) throws -> [[Double]] {
            try rows(found[Hookpoint(block: index, site: site).description])
        }
        let before = try at(.input)
        #expect(error(try at(.attentionInput), try block.normalized(before, block.attentionNorm)) < 1e-5)
        #expect(error(try at(.attention), try block.product(try at(.heads), block.attentionOutput)) < 1e-5)
        let attended = try block.normalized(try at(.attention), block.postAttentionNorm)
        #expect(error(try at(.attentionNormed), attended) < 1e-5)
        let between = NaiveBlock.sum(before, attended)
        #expect(error(try at(.middle), between) < 1e-5)
        let plain = try block.normalizedPlainly(block.isParallel ? before : between, block.feedForwardNorm)
        #expect(error(try at(.feedForwardNormalized), plain) < 1e-5)
        let read = try block.normalized(block.isParallel ? before : between, block.feedForwardNorm)
        #expect(error(try at(.feedForwardInput), read) < 1e-5)
        #expect(error(try at(.neurons), try block.neurons(try at(.feedForwardInput))) < 1e-5)
        #expect(error(try at(.feedForward), try block.product(try at(.neurons), block.down)) < 1e-5)
        let given = try block.normalized(try at(.feedForward), block.postFeedForwardNorm)
        #expect(error(try at(.feedForwardNormed), given) < 1e-5)
        #expect(error(try at(.residual), NaiveBlock.sum(between, given)) < 1e-5)
        let columns = { (site: Hookpoint.Site) in found[Hookpoint(block: index, site: site).description]?.columns }
        #expect(columns(.neurons) == model.configuration.feedForwardWidth)
        #expect(try columns(.heads) == model.width(at: Hookpoint(block: index, site: .heads)))
    }

    @Test(arguments: architectures) func everyPlaceFollowsFromThoseBefore(architecture: String) throws {
        let folder = GoldenFiles.path("architectures/" + architecture)
        let model = try LanguageModel(path: folder)
        let file = try SafetensorsFile(path: folder + "/model.safetensors")
        for index in [0, model.configuration.blocks - 1] {
            try Self.check(model, NaiveBlock(architecture, block: index, file), index: index)
        }
    }

    @Test func modulesInTurnReadWhatTheOtherHasAdded() throws {
        let folder = try ModelFolder("gpt_neox")
        try folder.changeSettings { $0["use_parallel_residual"] = false }
        var block = NaiveBlock("gpt_neox", block: 1, try SafetensorsFile(path: folder.path + "/model.safetensors"))
        block.isParallel = false
        try Self.check(try LanguageModel(path: folder.path), block, index: 1)
    }

    @Test(arguments: architectures) func aBlockReadsWhatTheOneBeforeHasLeft(architecture: String) throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        let found = try Self.activations(
            model, [Hookpoint(block: 0, site: .residual), Hookpoint(block: 1, site: .input)])
        #expect(found["layers.1.input"] == found["layers.0"])
    }

    @Test func theFirstBlockReadsTheEmbeddings() throws {
        for (architecture, name, scale) in [
            ("llama", "model.embed_tokens.weight", Float(1)), ("gemma2", "model.embed_tokens.weight", 8),
            ("gpt2", "transformer.wte.weight", 1),
        ] {
            let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
            let tensors = try ModelFolder.tensors(architecture)
            let embedding = try #require(tensors.first { $0.name == name }).values
            let positions = tensors.first { $0.name == "transformer.wpe.weight" }?.values
            var expected: [Float] = []
            for (position, token) in Self.tokens.enumerated() {
                for column in 0..<64 {
                    let value = embedding[Int(token) * 64 + column] * scale
                    expected.append(value + (positions?[position * 64 + column] ?? 0))
                }
            }
            let found = try Self.activations(model, [Hookpoint(block: 0, site: .input)])
            #expect(found["layers.0.input"]?.values == expected)
        }
    }

    @Test func whatElseIsAskedForChangesNoBit() throws {
        for architecture in ["gemma3", "gpt_neox"] {
            let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
            let sites = Self.hookpoints(block: 0) + Self.hookpoints(block: 2)
            let all = try Self.activations(model, sites)
            #expect(all.count == 2 * Hookpoint.Site.allCases.count)
            for hookpoint in sites {
                #expect(
                    try Self.activations(model, [hookpoint])
                        == [hookpoint.description: all[hookpoint.description]])
                #expect(try model.width(at: hookpoint) == all[hookpoint.description]?.columns)
            }
        }
    }
}
