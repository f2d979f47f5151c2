import Elements
import LanguageModels
import LinearAlgebra
import Testing
import WeightFiles

/// The biases that a Llama may have.
@Suite struct BiasTests {
    private static let sizes = [
        "self_attn.q_proj": 64, "self_attn.k_proj": 16, "self_attn.v_proj": 16, "self_attn.o_proj": 64,
        "mlp.gate_proj": 160, "mlp.up_proj": 160, "mlp.down_proj": 64,
    ]

    private static func numbers(_ count: Int, seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729) % 1000) / 500 - 1 }
    }

    /// A Llama with biases in its first block: those named, and zeros elsewhere.
    private static func folder(_ biases: [String: [Float]]) throws -> ModelFolder {
        let folder = try ModelFolder()
        try folder.changeSettings { settings in
            settings["attention_bias"] = true
            settings["mlp_bias"] = true
        }
        try folder.changeTensors { tensors in
            for block in 0..<3 {
                for (name, size) in sizes {
                    let values = block == 0 ? biases[name] : nil
                    tensors.append(
                        ("model.layers.\(block).\(name).bias", [size], values ?? [Float](repeating: 0, count: size)))
                }
            }
        }
        return folder
    }

    private static func attention(_ folder: ModelFolder) throws -> [Float] {
        let hookpoint = Hookpoint(block: 0, site: .attention)
        let pass = try ForwardPass(model: LanguageModel(path: folder.path), hookpoints: [hookpoint], mode: .perContext)
        return try #require(try pass.activations(of: [[5, 300, 17, 411, 2]])["layers.0.attn"]).values
    }

    /// Attention weights sum to one: a bias on the values goes through to the output as it is.
    @Test func biasesOfValuesAndOutputShiftTheAttentionByAConstant() throws {
        let value = Self.numbers(16, seed: 1)
        let output = Self.numbers(64, seed: 2)
        let plain = try Self.attention(ModelFolder())
        let shifted = try Self.attention(
            Self.folder(["self_attn.v_proj": value, "self_attn.o_proj": output]))
        let tensors = try ModelFolder.tensors()
        let matrix = try #require(tensors.first { $0.name == "model.layers.0.self_attn.o_proj.weight" }).values
        // Eight heads of width 8, four of them for each pair of keys and values.
        let gathered = (0..<64).map { column in value[column / 32 * 8 + column % 8] }
        var expected = plain
        for index in plain.indices {
            let row = index % 64
            expected[index] += output[row]
            for column in 0..<64 { expected[index] += matrix[row * 64 + column] * gathered[column] }
        }
        #expect(relativeError(shifted, expected) < 1e-5)
    }

    /// A bias on the keys adds the same to all scores of a query only where keys are not rotated: at the first position.
    @Test func biasesOfQueriesAndKeysChangeWhatIsSeen() throws {
        let plain = try Self.attention(ModelFolder())
        for name in ["self_attn.q_proj", "self_attn.k_proj"] {
            let bias = Self.numbers(try #require(Self.sizes[name]), seed: 3)
            let changed = try Self.attention(Self.folder([name: bias]))
            #expect(relativeError(changed[..<64], plain[..<64]) < 1e-6)
            #expect(relativeError(changed[64...], plain[64...]) > 1e-3)
        }
    }

    @Test func biasesOfTheFeedForwardLayerAreAdded() throws {
        let folder = try Self.folder([
            "mlp.gate_proj": Self.numbers(160, seed: 4), "mlp.up_proj": Self.numbers(160, seed: 5),
            "mlp.down_proj": Self.numbers(64, seed: 6),
        ])
        let names: [Hookpoint.Site] = [.feedForwardInput, .neurons, .feedForward]
        let pass = try ForwardPass(
            model: LanguageModel(path: folder.path), hookpoints: names.map { Hookpoint(block: 0, site: $0) },
            mode: .perContext)
        let found = try pass.activations(of: [[5, 300, 17]])
        let block = NaiveBlock("llama", block: 0, try SafetensorsFile(path: folder.path + "/model.safetensors"))
        func rows(_ name: String) throws -> [[Double]] {
            let matrix = try #require(found[name])
            return (0..<3).map { row in
                matrix.values[(row * matrix.columns)..<((row + 1) * matrix.columns)].map(Double.init)
            }
        }
        let neurons = try block.neurons(try rows("layers.0.mlp.input"))
        #expect(relativeError(found["layers.0.mlp.neurons"]?.values ?? [], neurons.joined().map { Float($0) }) < 1e-5)
        let output = try block.product(neurons, block.down)
        #expect(relativeError(found["layers.0.mlp"]?.values ?? [], output.joined().map { Float($0) }) < 1e-5)
    }
}
