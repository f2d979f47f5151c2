import Foundation

/// The tiny Llama converted to GGUF as llama.cpp's converter does it: other names, permuted rows, frequency factors.
enum LlamaGGUF {
    enum Precision: CaseIterable {
        case f32, f16, q8_0
    }

    static let names = [
        "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
        "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
        "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    ]

    static func name(_ name: String) -> String {
        let stem = name.replacingOccurrences(of: ".weight", with: "")
        if let name = names[stem] { return name + ".weight" }
        let parts = stem.split(separator: ".")
        let inner = parts.dropFirst(3).joined(separator: ".")
        return "blk.\(parts[2]).\(names[inner] ?? inner).weight"
    }

    /// `reshape(heads, 2, half, width).swapaxes(1, 2)`, as `convert_hf_to_gguf.py` permutes queries and keys.
    static func permuted(_ values: [Float], headWidth: Int, width: Int) -> [Float] {
        let rows = values.count / width
        return (0..<rows).flatMap { row -> ArraySlice<Float> in
            let (head, place) = (row / headWidth, row % headWidth)
            let source = head * headWidth + place % 2 * (headWidth / 2) + place / 2
            return values[(source * width)..<((source + 1) * width)]
        }
    }

    /// The factor by which Llama 3.1's scaling divides each frequency.
    static func frequencyFactors() -> [Float] {
        (0..<4).map { index in
            let frequency = pow(500_000, -2 * Double(index) / 8)
            let wavelength = 2 * Double.pi / frequency
            if wavelength < 8192.0 / 4 { return 1 }
            if wavelength > 8192.0 { return 8 }
            let smooth = (8192 / wavelength - 1) / 3
            return Float(1 / ((1 - smooth) / 8 + smooth))
        }
    }

    static func builder(_ precision: Precision) throws -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.metadata = [
            ("general.architecture", .text("llama")), ("general.name", .text("Tiny")),
            ("llama.block_count", .integer(3)), ("llama.context_length", .integer(131_072)),
            ("llama.embedding_length", .integer(64)), ("llama.feed_forward_length", .integer(160)),
            ("llama.attention.head_count", .integer(8)), ("llama.attention.head_count_kv", .integer(2)),
            ("llama.attention.layer_norm_rms_epsilon", .number(1e-6)), ("llama.rope.freq_base", .number(500_000)),
            ("llama.rope.dimension_count", .integer(8)),
        ]
        for (name, shape, values) in try ModelFolder.tensors() {
            let isPermuted = name.contains("q_proj") || name.contains("k_proj")
            let stored = isPermuted ? permuted(values, headWidth: 8, width: 64) : values
            let (type, bytes): (UInt32, [UInt8]) =
                switch shape.count == 1 ? .f32 : precision {
                case .f32: (0, GGUFBuilder.floats(stored))
                case .f16: (1, GGUFBuilder.halves(stored))
                case .q8_0: (8, GGUFBuilder.q8_0(stored))
                }
            builder.tensors.append((Self.name(name), shape, type, bytes))
        }
        builder.tensors.append(("rope_freqs.weight", [4], 0, GGUFBuilder.floats(frequencyFactors())))
        return builder
    }

    /// Writes the model, opens it by `body` and removes it.
    static func with<Result>(
        _ precision: Precision, change: (inout GGUFBuilder) -> Void = { _ in }, _ body: (String) throws -> Result
    ) throws -> Result {
        let path = NSTemporaryDirectory() + "/gloss-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var builder = try builder(precision)
        change(&builder)
        try builder.write(to: path)
        return try body(path)
    }
}
