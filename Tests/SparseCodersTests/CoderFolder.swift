import Foundation
import TestSupport
import WeightFiles

@testable import SparseCoders

/// A folder with a coder in sparsify's format, removed with the value that names it.
final class CoderFolder {
    private let folder: TemporaryFolder
    var tensors: [(name: String, shape: [Int], values: [Float])]
    var settings: [String: Any]

    init(width: Int, latents: Int, k: Int, seed: UInt64 = 1) throws {
        folder = try TemporaryFolder()
        var numbers = NumberStream(seed: seed)
        tensors = [
            ("encoder.weight", [latents, width], numbers.floats(latents * width)),
            ("encoder.bias", [latents], numbers.floats(latents)),
            ("W_dec", [latents, width], numbers.floats(latents * width)),
            ("b_dec", [width], numbers.floats(width)),
        ]
        settings = ["activation": "topk", "d_in": width, "num_latents": latents, "k": k]
    }

    var path: String { folder.path }

    func values(_ name: String) -> [Float] { tensors.first { $0.name == name }?.values ?? [] }

    func set(_ name: String, at index: Int, to value: Float) {
        for place in tensors.indices where tensors[place].name == name { tensors[place].values[index] = value }
    }

    /// Writes both files and gives the folder's path.
    func write() throws -> String {
        try SafetensorsFile.write(tensors, to: path + "/sae.safetensors")
        try JSONSerialization.data(withJSONObject: settings).write(to: URL(fileURLWithPath: path + "/cfg.json"))
        return path
    }

    /// Writes the files and reads the coder.
    func coder() throws -> SparseCoder { try SparseCoder(folder: write()) }

    /// Writes the weights as another type of two bytes each, by the name and bits that safetensors has for it.
    func writeHalves(type: String, bits: (Float) -> UInt16) throws -> String {
        _ = try write()
        var header: [String: Any] = [:]
        var data: [UInt8] = []
        for tensor in tensors {
            let start = data.count
            for value in tensor.values {
                let half = bits(value)
                data += [UInt8(truncatingIfNeeded: half), UInt8(truncatingIfNeeded: half >> 8)]
            }
            header[tensor.name] =
                ["dtype": type, "shape": tensor.shape, "data_offsets": [start, data.count]] as [String: Any]
        }
        let json = try JSONSerialization.data(withJSONObject: header)
        let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) }
        try (Data(length) + json + Data(data)).write(to: URL(fileURLWithPath: path + "/sae.safetensors"))
        return path
    }
}
