import Foundation
import WeightFiles

/// A block's arithmetic but for its attention, in double precision, straight from a Hugging Face folder's tensors.
struct NaiveBlock {
    enum Function {
        case silu, geluTanh, gelu

        func callAsFunction(_ x: Double) -> Double {
            switch self {
            case .silu: x / (1 + exp(-x))
            case .geluTanh: x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
            case .gelu: x * erfc(-x / 2.0.squareRoot()) / 2
            }
        }
    }

    let tensors: [String: Tensor]
    let prefix: String
    let epsilon: Double
    var normAddend = 0.0
    var function = Function.silu
    var isTransposed = false
    var attentionNorm: String? = "input_layernorm"
    var attentionOutput = "self_attn.o_proj"
    var postAttentionNorm: String?
    var feedForwardNorm: String? = "post_attention_layernorm"
    var gate: String? = "mlp.gate_proj"
    var up = "mlp.up_proj"
    var down = "mlp.down_proj"
    var postFeedForwardNorm: String?
    var isParallel = false

    init(_ architecture: String, block: Int, _ file: SafetensorsFile) {
        tensors = file.tensors
        epsilon = ["gpt2", "gpt_neox"].contains(architecture) ? 1e-5 : 1e-6
        switch architecture {
        case "gpt2":
            prefix = "transformer.h.\(block)."
            (attentionNorm, feedForwardNorm, gate, up, down) = ("ln_1", "ln_2", nil, "mlp.c_fc", "mlp.c_proj")
            attentionOutput = "attn.c_proj"
            (function, isTransposed) = (.geluTanh, true)
        case "gpt_neox":
            prefix = "gpt_neox.layers.\(block)."
            (gate, up, down) = (nil, "mlp.dense_h_to_4h", "mlp.dense_4h_to_h")
            attentionOutput = "attention.dense"
            (function, isParallel) = (.gelu, true)
        case "olmo2", "olmo3":
            prefix = "model.layers.\(block)."
            (postAttentionNorm, postFeedForwardNorm) = (feedForwardNorm, "post_feedforward_layernorm")
            (attentionNorm, feedForwardNorm) = (nil, nil)
        case "phi3", "phi4":
            prefix = "model.layers.\(block)."
            (gate, up) = (nil, "mlp.gate_up_proj")
        case "gemma":
            prefix = "model.layers.\(block)."
            (normAddend, function) = (1, .geluTanh)
        default:
            prefix = (architecture == "gemma3_images" ? "language_model." : "") + "model.layers.\(block)."
            guard architecture.hasPrefix("gemma") else { return }
            (normAddend, function) = (1, .geluTanh)
            postAttentionNorm = feedForwardNorm
            feedForwardNorm = "pre_feedforward_layernorm"
            postFeedForwardNorm = "post_feedforward_layernorm"
        }
    }

    func values(_ name: String) throws -> [Double]? { try tensors[prefix + name]?.floats().map(Double.init) }

    /// Layer normalisation where there is a bias, else root-mean-square; nothing for no name.
    func normalized(_ rows: [[Double]], _ name: String?) throws -> [[Double]] {
        guard let name, let weight = try values(name + ".weight") else { return rows }
        let bias = try values(name + ".bias")
        return rows.map { row in
            let mean = bias == nil ? 0 : row.reduce(0, +) / Double(row.count)
            let size = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.indices.map {
                (row[$0] - mean) / (size + epsilon).squareRoot() * (weight[$0] + normAddend) + (bias?[$0] ?? 0)
            }
        }
    }

    /// What a norm makes of rows before its weight and bias.
    func normalizedPlainly(_ rows: [[Double]], _ name: String?) throws -> [[Double]] {
        guard let name else { return rows }
        let isCentred = try values(name + ".bias") != nil
        return rows.map { row in
            let mean = isCentred ? row.reduce(0, +) / Double(row.count) : 0
            let size = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.map { ($0 - mean) / (size + epsilon).squareRoot() }
        }
    }

    func product(_ rows: [[Double]], _ name: String) throws -> [[Double]] {
        guard let weight = try values(name + ".weight"), let tensor = tensors[prefix + name + ".weight"] else {
            return []
        }
        let bias = try values(name + ".bias")
        let (outputs, inputs) = isTransposed ? (tensor.columns, tensor.rows) : (tensor.rows, tensor.columns)
        return rows.map { row in
            (0..<outputs).map { output in
                var sum = bias?[output] ?? 0
                for input in 0..<inputs {
                    sum += row[input] * weight[isTransposed ? input * outputs + output : output * inputs + input]
                }
                return sum
            }
        }
    }

    func neurons(_ input: [[Double]]) throws -> [[Double]] {
        let values = try product(input, up)
        if up.contains("gate_up") {
            return values.map { row in
                let half = row.count / 2
                return (0..<half).map { function(row[$0]) * row[half + $0] }
            }
        }
        guard let gate else { return values.map { $0.map { function($0) } } }
        return zip(try product(input, gate), values).map { zip($0, $1).map { function($0) * $1 } }
    }

    static func sum(_ left: [[Double]], _ right: [[Double]]) -> [[Double]] {
        zip(left, right).map { zip($0, $1).map { $0 + $1 } }
    }
}
