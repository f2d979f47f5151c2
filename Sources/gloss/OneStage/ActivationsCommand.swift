import ArgumentParser
import Elements
import Foundation
import LanguageModels
import WeightFiles

/// Token ids in, activations out.
struct ActivationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activations",
        abstract: "Runs a model over rows of token ids and writes its activations at hookpoints.")

    @Option(help: "A GGUF file or a Hugging Face folder.")
    var model: String

    @Option(help: "A safetensors file with `input_ids` i32 [rows, tokens].")
    var tokens: String

    @Option(help: "Hookpoints, separated by commas, such as layers.10,layers.3.mlp.")
    var hookpoints = ""

    @Flag(help: "Write `logits` f32 [rows, tokens, vocabulary] too.")
    var logits = false

    @Flag(help: "Write `next_token_logprobs` f32 [rows, tokens - 1] too.")
    var nextTokenLogprobs = false

    @Option(help: "The safetensors file to write: one f32 [rows, tokens, d_in] per hookpoint, under its name.")
    var output: String

    func run() async throws {
        try await reporting("activations") {
            let model = try LanguageModel(path: model)
            let rows = try readRows()
            let points = try hookpoints.split(separator: ",").map { try model.hookpoint(named: String($0)) }
            guard !points.isEmpty || logits || nextTokenLogprobs else {
                throw OneStageError("nothing is asked for: name --hookpoints, --logits or --next-token-logprobs")
            }
            let forward = try ForwardPass(model: model, hookpoints: points, mode: model.batchMode())
            let length = rows.first?.count ?? 0
            var written: [(name: String, shape: [Int], values: [Float])] = []
            if !points.isEmpty {
                let activations = try collect(rows) { try forward.activations(of: $0) }
                for point in points {
                    let name = point.description
                    let width = try model.width(at: point)
                    written.append((name, [rows.count, length, width], activations[name] ?? []))
                }
            }
            if logits {
                let values = try collect(rows) { ["logits": try forward.logits(of: $0)] }
                written.append(
                    ("logits", [rows.count, length, model.configuration.vocabulary], values["logits"] ?? []))
            }
            if nextTokenLogprobs {
                let values = try forward.nextTokenLogProbabilities(of: rows).flatMap { $0 }
                written.append(("next_token_logprobs", [rows.count, max(0, length - 1)], values))
            }
            try SafetensorsFile.write(written, to: output)
        }
    }

    /// Sixteen rows at a time, so that a batch needs little memory.
    private func collect(_ rows: [[UInt32]], _ run: ([[UInt32]]) throws -> [String: Elements.Matrix]) throws -> [String:
        [Float]]
    {
        var collected: [String: [Float]] = [:]
        for start in stride(from: 0, to: rows.count, by: 16) {
            for (name, matrix) in try run(Array(rows[start..<min(start + 16, rows.count)])) {
                collected[name, default: []] += matrix.values
            }
        }
        return collected
    }

    private func readRows() throws -> [[UInt32]] {
        let file = try SafetensorsFile(path: tokens)
        guard let tensor = file.tensors["input_ids"] else {
            throw OneStageError(
                "\(tokens) has no tensor `input_ids`; it has \(file.tensors.keys.sorted().joined(separator: ", "))")
        }
        guard tensor.shape.count == 2, tensor.shape[1] > 0 else {
            throw OneStageError("\(tokens): `input_ids` has shape \(tensor.shape), expected [rows, tokens]")
        }
        let length = tensor.shape[1]
        let ids = try tensor.integers()
        return try stride(from: 0, to: ids.count, by: length).map { start in
            try ids[start..<start + length].map { id in
                guard id >= 0 else { throw OneStageError("\(tokens): `input_ids` holds \(id), which is no token id") }
                return UInt32(id)
            }
        }
    }
}
