import Foundation
import TestSupport
import WeightFiles

/// Model and coder folders small enough to be made for a test.
enum TinyModel {
    /// A coder that reads vectors of 64.
    static let coder = GoldenFiles.path("coders/sparsify_topk")

    /// Writes the folder of a model of 512 tokens, width 64 and three blocks, whose tokenizer has `<|bos|>`.
    static func write(to folder: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for file in ["architectures/llama/config.json", "architectures/llama/model.safetensors", "tiny/tokenizer.json"]
        {
            let source = URL(filePath: GoldenFiles.path(file))
            try files.copyItem(atPath: source.path, toPath: folder + "/" + source.lastPathComponent)
        }
    }

    /// Writes the folder of a coder of zeros with four latents.
    static func writeCoder(width: Int, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let settings = #"{"activation": "topk", "num_latents": 4, "k": 2, "d_in": \#(width)}"#
        try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/cfg.json"))
        let zeros = [Float](repeating: 0, count: 4 * width)
        try SafetensorsFile.write(
            [
                ("encoder.weight", [4, width], zeros), ("encoder.bias", [4], Array(zeros.prefix(4))),
                ("b_dec", [width], Array(zeros.prefix(width))), ("W_dec", [4, width], zeros),
            ], to: folder + "/sae.safetensors")
    }
}
