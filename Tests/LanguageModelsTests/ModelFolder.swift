import Foundation
import TestSupport
import WeightFiles

/// A copy of a tiny model's folder in a place of its own, to be damaged; removed with the last reference.
final class ModelFolder {
    private let folder: TemporaryFolder
    private let architecture: String

    init(_ architecture: String = "llama") throws {
        self.architecture = architecture
        folder = try TemporaryFolder()
        for name in ["config.json", "model.safetensors"] {
            try FileManager.default.copyItem(
                atPath: GoldenFiles.path("architectures/\(architecture)/" + name), toPath: path + "/" + name)
        }
    }

    var path: String { folder.path }

    /// Writes the settings anew.
    func changeSettings(_ change: (inout [String: Any]) -> Void) throws {
        let file = URL(fileURLWithPath: path + "/config.json")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        var settings = object as? [String: Any] ?? [:]
        change(&settings)
        try JSONSerialization.data(withJSONObject: settings).write(to: file)
    }

    /// The weights, in the order of their names.
    static func tensors(_ architecture: String = "llama") throws -> [(name: String, shape: [Int], values: [Float])] {
        let file = try SafetensorsFile(path: GoldenFiles.path("architectures/\(architecture)/model.safetensors"))
        return try file.tensors.values.sorted { $0.name < $1.name }.map { ($0.name, $0.shape, try $0.floats()) }
    }

    /// Writes the weights anew.
    func changeTensors(_ change: (inout [(name: String, shape: [Int], values: [Float])]) -> Void) throws {
        var tensors = try Self.tensors(architecture)
        change(&tensors)
        try SafetensorsFile.write(tensors, to: path + "/model.safetensors")
    }
}
