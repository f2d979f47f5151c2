import Foundation
import TestSupport
import WeightFiles

@testable import SparseCoders

/// A folder with a coder in SAELens' format, removed with the value that names it.
final class SAELensFolder {
    private let folder: TemporaryFolder
    var tensors: [(name: String, shape: [Int], values: [Float])]
    var settings: [String: Any]
    let width: Int
    let latents: Int

    init(_ architecture: String, width: Int = 6, latents: Int = 30, outputWidth: Int? = nil) throws {
        folder = try TemporaryFolder()
        (self.width, self.latents) = (width, latents)
        var numbers = NumberStream(seed: 3)
        let output = outputWidth ?? width
        tensors = [
            ("W_enc", [width, latents], numbers.floats(latents * width)), ("b_enc", [latents], numbers.floats(latents)),
            ("W_dec", [latents, output], numbers.floats(latents * output)), ("b_dec", [output], numbers.floats(output)),
        ]
        settings = [
            "architecture": architecture, "d_in": width, "d_sae": latents, "dtype": "float32",
            "metadata": ["sae_lens_version": "6.54.12"],
        ]
    }

    var path: String { folder.path }

    func values(_ name: String) -> [Float] { tensors.first { $0.name == name }?.values ?? [] }

    func add(_ name: String, _ shape: [Int], _ values: [Float]) { tensors.append((name, shape, values)) }

    /// Writes both files and reads the coder.
    func coder() throws -> SparseCoder {
        try SafetensorsFile.write(tensors, to: path + "/sae_weights.safetensors")
        try JSONSerialization.data(withJSONObject: settings).write(to: URL(fileURLWithPath: path + "/cfg.json"))
        return try SparseCoder(folder: path)
    }

    func error() throws -> CoderError? {
        do {
            _ = try coder()
            return nil
        } catch let error as CoderError {
            return error
        }
    }

    /// `x W_enc + b_enc` of a row.
    func preActivations(_ row: [Float]) -> [Double] {
        let (encoder, bias) = (values("W_enc"), values("b_enc"))
        return (0..<latents).map { latent in
            (0..<width).reduce(Double(bias[latent])) {
                $0 + Double(row[$1]) * Double(encoder[$1 * latents + latent])
            }
        }
    }

    /// `codes W_dec + b_dec`.
    func output(_ codes: [Int: Double], scales: [Double]? = nil) -> [Double] {
        let (decoder, bias) = (values("W_dec"), values("b_dec"))
        return bias.indices.map { column in
            codes.reduce(Double(bias[column])) {
                $0 + $1.value * (scales?[$1.key] ?? 1) * Double(decoder[$1.key * bias.count + column])
            }
        }
    }
}
