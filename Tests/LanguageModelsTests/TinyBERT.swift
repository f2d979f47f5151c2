import Foundation
import TestSupport
import WeightFiles

/// A tiny random BERT in a folder of its own, and its arithmetic by the formulas in double precision.
final class TinyBERT {
    private let place: TemporaryFolder
    let tensors: [(name: String, shape: [Int], values: [Float])]
    private let values: [String: [Double]]
    private let width = 12
    private let heads = 3

    init() throws {
        place = try TemporaryFolder()
        var shapes: [(String, [Int])] = [
            ("embeddings.word_embeddings.weight", [40, 12]), ("embeddings.position_embeddings.weight", [20, 12]),
            ("embeddings.token_type_embeddings.weight", [2, 12]), ("embeddings.LayerNorm.weight", [12]),
            ("embeddings.LayerNorm.bias", [12]),
        ]
        for layer in 0..<2 {
            for (name, shape) in [
                ("attention.self.query", [12, 12]), ("attention.self.key", [12, 12]),
                ("attention.self.value", [12, 12]),
                ("attention.output.dense", [12, 12]), ("attention.output.LayerNorm", [12]),
                ("intermediate.dense", [20, 12]), ("output.dense", [12, 20]), ("output.LayerNorm", [12]),
            ] {
                shapes.append(("encoder.layer.\(layer).\(name).weight", shape))
                shapes.append(("encoder.layer.\(layer).\(name).bias", [shape[0]]))
            }
        }
        var state: UInt64 = 42
        tensors = shapes.map { name, shape in
            (
                name, shape,
                (0..<shape.reduce(1, *)).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Float(state >> 40) / 16_777_216 * 2 - 1
                }
            )
        }
        values = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.values.map(Double.init)) })
        try write()
    }

    var folder: String { place.path }

    /// Writes the folder, with other settings or tensors where they are given.
    func write(
        settings: [String: Any] = [:], tensors: [(name: String, shape: [Int], values: [Float])]? = nil
    ) throws {
        var all: [String: Any] = [
            "model_type": "bert", "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3,
            "intermediate_size": 20, "max_position_embeddings": 20, "type_vocab_size": 2, "vocab_size": 40,
            "layer_norm_eps": 1e-12, "hidden_act": "gelu", "position_embedding_type": "absolute",
        ]
        all.merge(settings) { $1 }
        try JSONSerialization.data(withJSONObject: all).write(to: URL(fileURLWithPath: folder + "/config.json"))
        try SafetensorsFile.write(tensors ?? self.tensors, to: folder + "/model.safetensors")
    }

    private func at(_ name: String) -> [Double] { values[name] ?? [] }

    private func product(_ x: [Double], _ name: String) -> [Double] {
        at(name + ".bias").enumerated().map { row, bias in
            x.indices.reduce(bias) { $0 + at(name + ".weight")[row * x.count + $1] * x[$1] }
        }
    }

    private func normalized(_ x: [Double], _ name: String) -> [Double] {
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        return x.indices.map {
            (x[$0] - mean) / (variance + 1e-12).squareRoot() * at(name + ".weight")[$0] + at(name + ".bias")[$0]
        }
    }

    private func attended(_ rows: [[Double]], _ prefix: String) -> [[Double]] {
        let (queries, keys, states) = (
            rows.map { product($0, prefix + "query") }, rows.map { product($0, prefix + "key") },
            rows.map { product($0, prefix + "value") }
        )
        let size = width / heads
        return queries.map { query in
            (0..<heads).flatMap { head in
                let columns = head * size..<(head + 1) * size
                let powers = keys.map { key in
                    let score = columns.reduce(0.0) { $0 + query[$1] * key[$1] }
                    return exp(score / Double(size).squareRoot())
                }
                let total = powers.reduce(0, +)
                return columns.map { column in
                    zip(powers, states).reduce(0.0) { $0 + $1.0 * $1.1[column] } / total
                }
            }
        }
    }

    /// The vector of a sentence.
    func encode(_ tokens: [Int32]) -> [Double] {
        var rows = tokens.enumerated().map { position, token in
            let word = at("embeddings.word_embeddings.weight")[(Int(token) * width)...]
            let place = at("embeddings.position_embeddings.weight")[(position * width)...]
            let part = at("embeddings.token_type_embeddings.weight")
            let sum = zip(zip(word, place), part).prefix(width).map { $0.0 + $0.1 + $1 }
            return normalized(sum, "embeddings.LayerNorm")
        }
        for layer in 0..<2 {
            let prefix = "encoder.layer.\(layer)."
            rows = zip(rows, attended(rows, prefix + "attention.self.")).map { row, attended in
                let output = product(attended, prefix + "attention.output.dense")
                return normalized(zip(row, output).map { $0 + $1 }, prefix + "attention.output.LayerNorm")
            }
            rows = rows.map { row in
                let neurons = product(row, prefix + "intermediate.dense").map { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 }
                return normalized(
                    zip(row, product(neurons, prefix + "output.dense")).map { $0 + $1 }, prefix + "output.LayerNorm")
            }
        }
        let mean = (0..<width).map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return mean.map { $0 / length }
    }
}
