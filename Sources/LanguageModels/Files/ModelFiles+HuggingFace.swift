internal import JSONText
internal import WeightFiles

extension ModelFiles {
    /// Opens a folder with `config.json` and `model.safetensors`, or the shards that an index names.
    init(folder: String) throws(ModelError) {
        let settingsFile = folder + "/config.json"
        let bytes = try FileSystem.read(settingsFile)
        let configuration = try Self.parse(bytes, file: settingsFile)
        guard let architecture = configuration["model_type"]?.string else {
            throw .setting(
                name: "model_type", file: settingsFile, found: "missing", expected: "the name of an architecture")
        }
        self.init(
            format: .huggingFace, path: folder, settingsFile: settingsFile, architecture: architecture,
            name: configuration["_name_or_path"]?.string, tensors: try Self.tensors(in: folder),
            settings: .huggingFace(configuration, bytes))
    }

    /// Parses a JSON file.
    static func parse(_ bytes: [UInt8], file: String) throws(ModelError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(json: bytes)
        } catch {
            throw .unreadable(file: file, reason: "not JSON: \(error.detail); restore the file")
        }
    }

    private static func tensors(in folder: String) throws(ModelError) -> [String: Tensor] {
        let index = folder + "/model.safetensors.index.json"
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
