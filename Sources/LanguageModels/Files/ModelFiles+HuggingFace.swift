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
            return try bytes.withUnsafeBytes { buffer in
                Result { () throws(JSONError) in try JSONParser.parse(buffer) }
            }.get()
        } catch {
            throw .unreadable(
                file: file, reason: "not JSON: expected \(error.expected) at byte \(error.offset); restore the file")
        }
    }

    private static func tensors(in folder: String) throws(ModelError) -> [String: Tensor] {
        let index = folder + "/model.safetensors.index.json"
        guard FileSystem.exists(index) else { return try open(folder + "/model.safetensors").tensors }
        guard let map = try parse(try FileSystem.read(index), file: index)["weight_map"]?.object else {
            throw .unreadable(file: index, reason: "has no object weight_map; restore the file")
        }
        var tensors: [String: Tensor] = [:]
        var shards: [String: [String: Tensor]] = [:]
        for (name, value) in map {
            guard let shard = value.string, !shard.isEmpty, !shard.contains("/"), !shard.hasPrefix(".") else {
                throw .setting(
                    name: "weight_map.\(name)", file: index, found: "\(value)", expected: "the name of a file here")
            }
            if shards[shard] == nil { shards[shard] = try open(folder + "/" + shard).tensors }
            guard let tensor = shards[shard]?[name] else {
                throw .missingTensor(name: name, file: folder + "/" + shard)
            }
            tensors[name] = tensor
        }
        return tensors
    }

    private static func open(_ path: String) throws(ModelError) -> SafetensorsFile {
        do { return try SafetensorsFile(path: path) } catch { throw .weightFile(error) }
    }
}
