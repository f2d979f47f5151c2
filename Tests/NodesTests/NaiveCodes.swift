import Elements
import LanguageModels
import LinearAlgebra
import Testing
import Tokenization
import WeightFiles

/// What a text's codes are, reckoned token by token from the model's activations and the coder's weights.
struct NaiveCodes {
    /// Of each latent: the tokens at which it fires, and the sum of its activations.
    private(set) var fired: [Int: (tokens: Int, sum: Double)] = [:]
    private(set) var tokens = 0
    private(set) var contexts = 0

    private let tokenizer: Tokenizer
    private let forward: ForwardPass
    private let bos: UInt32
    private let length: Int
    /// `[256][64]`, `[256]` and `[64]`.
    private let weights: [[Double]]
    private let bias, center: [Double]

    /// Takes the model of a folder up to `layers.1`, and the tiny coder, which keeps the 16 largest values of a token.
    init(model folder: String, context length: Int) throws {
        let model = try LanguageModel(path: folder)
        tokenizer = try Tokenizer.load(from: folder)
        bos = try #require(tokenizer.specialToken("<|bos|>"))
        forward = try ForwardPass(
            model: model, hookpoints: [model.hookpoint(named: "layers.1")], mode: .perContext)
        self.length = length
        let file = try SafetensorsFile(path: TinyModel.coder + "/sae.safetensors")
        func values(_ name: String) throws -> [Double] {
            let tensor = try #require(file.tensors[name])
            var floats = [Float](repeating: 0, count: tensor.count)
            try floats.withUnsafeMutableBufferPointer { try tensor.read(values: 0..<tensor.count, into: $0) }
            return floats.map(Double.init)
        }
        let flat = try values("encoder.weight")
        weights = (0..<256).map { Array(flat[$0 * 64..<($0 + 1) * 64]) }
        bias = try values("encoder.bias")
        center = try values("b_dec")
    }

    /// Adds a document.
    mutating func read(_ text: String) throws {
        var rest = [bos] + tokenizer.encode(text)
        while !rest.isEmpty {
            let context = Array(rest.prefix(length))
            rest.removeFirst(context.count)
            contexts += 1
            tokens += context.count
            let rows = try #require(try forward.activations(of: [context])["layers.1"])
            // The first position of a context is masked.
            for place in context.indices.dropFirst() {
                encode(rows.values[place * 64..<(place + 1) * 64].map(Double.init))
            }
        }
    }

    private mutating func encode(_ row: [Double]) {
        var values = bias
        for latent in weights.indices {
            for place in row.indices { values[latent] += weights[latent][place] * (row[place] - center[place]) }
        }
        let largest = values.indices.sorted { values[$0] > values[$1] }.prefix(16)
        for latent in largest where values[latent] > 0 {
            let before = fired[latent] ?? (0, 0)
            fired[latent] = (before.tokens + 1, before.sum + values[latent])
        }
    }
}
