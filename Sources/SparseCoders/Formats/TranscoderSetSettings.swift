import Foundation
import Yams

/// The settings of a set of transcoders, `config.yaml`, for one of its layers.
///
/// Source: `circuit_tracer/utils/hf_utils.py`, version 0.5. A set whose settings are missing reads and writes the feed-forward layers.
struct TranscoderSetSettings {
    static let file = "config.yaml"

    /// The places that the layer's coder reads and writes.
    let placement: CoderPlacement
    /// Whether a fixed number of latents is kept.
    let isTopK: Bool
    /// That number.
    let k: Int?

    init(path: String, layer: Int) throws(CoderError) {
        let fields = try Self.fields(path)
        let input = fields["feature_input_hook"] ?? "mlp.hook_in"
        let output = fields["feature_output_hook"] ?? "hook_mlp_out"
        var placement = CoderPlacement(
            isTranscoder: true, input: "blocks.\(layer).\(input)", output: "blocks.\(layer).\(output)",
            hasManyPlaces: true)
        placement.training.model = fields["model_name"]
        self.placement = placement
        let activation = fields["activation"] ?? "relu"
        guard ["relu", "topk", "jump_relu", "jumprelu"].contains(activation) else {
            throw .setting(
                file: path, field: "activation", found: activation.debugDescription, expected: "relu, jump_relu or topk"
            )
        }
        isTopK = activation == "topk"
        k = fields["k"].flatMap { Int($0) }
    }

    /// The scalars at the top of the file; none if there is no file.
    private static func fields(_ path: String) throws(CoderError) -> [String: String] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        let node: Node?
        do {
            node = try Yams.compose(yaml: String(contentsOfFile: path, encoding: .utf8))
        } catch {
            throw .unreadable(file: path, reason: "it is not YAML: \(error)")
        }
        guard let mapping = node?.mapping else { throw .unreadable(file: path, reason: "it is no YAML mapping") }
        var fields: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, let text = value.scalar?.string else { continue }
            fields[name] = text
        }
        return fields
    }
}
