internal import JSONText
internal import WeightFiles

extension ModelFiles {
    /// Opens a folder with `config.json` and `model.safetensors`, or the shards that an index names.
    init(folder: String) throws(ModelError) {
        let settingsFile = folder + "/config.json"
        try ModelPath.checkSettings(in: folder)
        let bytes = try FileSystem.read(settingsFile)
        let whole = try Self.parse(bytes, file: settingsFile)
        guard let name = whole["model_type"]?.string else {
            throw .setting(
                name: "model_type", file: settingsFile, found: "missing", expected: "the name of an architecture")
        }
        let (configuration, architecture) = try TextPart.settings(of: whole, architecture: name, file: settingsFile)
        self.init(
            format: .huggingFace, path: folder, settingsFile: settingsFile, architecture: architecture,
            name: whole["_name_or_path"]?.string, tensors: try Self.tensors(in: folder),
            settings: .huggingFace(configuration, bytes))
        if let quantised = whole["quantization_config"], quantised.object != nil {
            quantisation = quantised["quant_method"]?.string ?? "an unknown method"
        }
    }

    /// Parses a JSON file; of a name that comes twice the last counts.
    static func parse(_ bytes: [UInt8], file: String) throws(ModelError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(json: bytes, repeatedNames: .lastTaken)
        } catch {
            throw .unreadable(file: file, reason: "not JSON: \(error.detail); restore the file")
        }
    }

    private static func tensors(in folder: String) throws(ModelError) -> [String: Tensor] {
        let index = folder + "/model.safetensors.index.json"
        if !FileSystem.exists(index) { try ModelPath.checkWeights(in: folder) }
        do throws(WeightFileError) {
            guard FileSystem.exists(index) else {
                return try SafetensorsFile(path: folder + "/model.safetensors").tensors
            }
            return try ShardedSafetensors(index: index).tensors()
        } catch {
            throw .weightFile(error)
        }
    }
}
