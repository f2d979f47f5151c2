import Elements
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModels

/// The settings of rotary embeddings in GGUF files, new keys and old ones.
@Suite struct GGUFRotaryTests {
    private static let prefix = "llama.rope."

    private static func rope(
        _ settings: [(String, GGUFBuilder.Value)], _ tensors: [(String, [Float])] = []
    ) throws -> RotaryEmbedding {
        try LlamaGGUF.with(
            .f32,
            change: { builder in
                builder.tensors.removeAll { $0.name == "rope_freqs.weight" }
                for (name, values) in tensors {
                    builder.tensors.append((name, [values.count], 0, GGUFBuilder.floats(values)))
                }
                for (key, value) in settings {
                    builder.metadata.removeAll { $0.0 == prefix + key }
                    builder.metadata.append((prefix + key, value))
                }
            }
        ) { path in try #require(try LanguageModel(path: path).configuration.rope) }
    }

    @Test(
        arguments: [
            [("scaling.type", .text("linear")), ("scaling.factor", .number(4))], [("scaling.factor", .number(4))],
            [("scale_linear", .number(4))], [("scaling.factor", .number(4)), ("scale_linear", .number(8))],
        ] as [[(String, GGUFBuilder.Value)]])
    func aFactorWithoutATypeIsThatOfALinearScaling(settings: [(String, GGUFBuilder.Value)]) throws {
        #expect(try Self.rope(settings).scaling == .linear(factor: 4))
    }

    @Test func noneIsNoneWhateverTheFactor() throws {
        #expect(try Self.rope([]).scaling == .none)
        let none: [(String, GGUFBuilder.Value)] = [("scaling.type", .text("none")), ("scaling.factor", .number(4))]
        #expect(try Self.rope(none).scaling == .none)
    }

    @Test func aLinearFactorMultipliesThoseOfTheTensor() throws {
        let rope = try Self.rope([("scale_linear", .number(2))], [("rope_freqs.weight", [1, 1, 2, 8])])
        #expect(rope.scaling == .factors([2, 2, 4, 16]))
    }

    @Test func yarnIsReadWithItsDefaultsAndWithout() throws {
        let plain = try Self.rope([
            ("scaling.type", .text("yarn")), ("scaling.factor", .number(8)),
            ("scaling.original_context_length", .integer(128)),
        ])
        #expect(plain.scaling == .yarn(YarnScaling(factor: 8, originalContext: 128)))
        #expect(plain.attentionFactor == Float(YarnScaling.attentionFactor(8)))
        let given = try Self.rope([
            ("scaling.type", .text("yarn")), ("scaling.factor", .number(8)), ("scaling.yarn_beta_fast", .number(16)),
            ("scaling.yarn_beta_slow", .number(2)), ("scaling.attn_factor", .number(0.5)),
            ("scaling.yarn_ext_factor", .number(1)),
        ])
        // Without an original length that of the model counts.
        var expected = YarnScaling(factor: 8, originalContext: 131_072)
        (expected.fastTurns, expected.slowTurns) = (16, 2)
        #expect(given.scaling == .yarn(expected))
        #expect(given.attentionFactor == Float(YarnScaling.attentionFactor(8) * 0.5))
    }

    /// A folder of the same model, whose activations are held against those of transformers elsewhere.
    @Test func yarnComputesAsAFolderDoes() throws {
        let golden = try SafetensorsFile(path: GoldenFiles.path("architectures/llama_yarn/golden.safetensors"))
        let folder = try LanguageModel(path: GoldenFiles.path("architectures/llama_yarn"))
        let rope = try #require(folder.configuration.rope)
        let found = try Self.rope([
            ("scaling.type", .text("yarn")), ("scaling.factor", .number(4)), ("freq_base", .number(10_000)),
            ("scaling.original_context_length", .integer(32)),
        ])
        #expect(found.scaling == rope.scaling && found.attentionFactor == rope.attentionFactor)
        #expect(golden.tensors["logits"] != nil && rope.attentionFactor > 1.1)
    }

    @Test func longropeHoldsUpToTheOriginalLength() throws {
        let tensors: [(String, [Float])] = [
            ("rope_factors_short.weight", [1, 2, 3, 4]), ("rope_factors_long.weight", [5, 6, 7, 8]),
        ]
        let rope = try Self.rope(
            [("scaling.original_context_length", .integer(64)), ("scaling.attn_factor", .number(1.25))], tensors)
        #expect(rope.scaling == .factors([1, 2, 3, 4]) && rope.attentionFactor == 1.25 && rope.maximumContext == 64)
    }

    @Test(
        arguments: [
            [("scaling.type", .text("dynamic"))], [("scaling.type", .text("yarn"))],
            [("scaling.type", .text("linear"))], [("scaling.factor", .number(0))], [("scaling.factor", .text("4"))],
            [("scale_linear", .number(-1))], [("scale_linear", .number(.nan))], [("freq_base", .text("x"))],
            [("dimension_count", .integer(0))], [("dimension_count", .integer(16))],
            [
                ("scaling.type", .text("yarn")), ("scaling.factor", .number(4)),
                ("scaling.yarn_ext_factor", .number(0.5)),
            ],
            [
                ("scaling.type", .text("yarn")), ("scaling.factor", .number(4)),
                ("scaling.yarn_log_multiplier", .number(0.1)),
            ],
            [
                ("scaling.type", .text("yarn")), ("scaling.factor", .number(4)),
                ("scaling.original_context_length", .integer(0)),
            ],
        ] as [[(String, GGUFBuilder.Value)]])
    func whatCannotBeIsNamed(settings: [(String, GGUFBuilder.Value)]) throws {
        let error = #expect(throws: ModelError.self) { try Self.rope(settings) }
        #expect(error?.description.contains("rope") == true)
    }

    @Test(arguments: [[1, 1, 1], [1, 1, 0, 1], [1, 1, .nan, 1]] as [[Float]])
    func factorsThatCannotBeAreNamed(factors: [Float]) throws {
        let error = #expect(throws: ModelError.self) { try Self.rope([], [("rope_factors_short.weight", factors)]) }
        #expect(error?.description.contains("rope_factors_short.weight") == true)
    }
}
