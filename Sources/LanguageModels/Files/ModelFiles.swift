internal import WeightFiles

/// The settings and tensors of a model, from a GGUF file or a Hugging Face folder.
struct ModelFiles: Sendable {
    /// Which of the two kinds of files a model is stored in.
    enum Format: Sendable {
        case gguf
        case huggingFace
    }

    /// The kind of files.
    let format: Format
    /// The path that the model was opened by.
    let path: String
    /// The file that holds the settings.
    let settingsFile: String
    /// The name of the architecture, as the files give it.
    let architecture: String
    /// The name of the model, if the files give one.
    let name: String?
    /// The tensors by name.
    let tensors: [String: Tensor]
    /// All settings.
    private(set) var settings: ModelSettings
    /// How a folder's weights are quantised, as its settings name it; `nil` if they are not, and for GGUF files.
    var quantisation: String?

    /// Opens a GGUF file, or a folder with `config.json` and safetensors.
    init(path: String) throws(ModelError) {
        if FileSystem.isDirectory(path) {
            try self.init(folder: path)
        } else {
            try ModelPath.check(path)
            try self.init(gguf: path)
        }
    }

    /// The same files with other settings.
    func with(_ settings: ModelSettings) -> ModelFiles {
        var files = self
        files.settings = settings
        return files
    }

    init(
        format: Format, path: String, settingsFile: String, architecture: String, name: String?,
        tensors: [String: Tensor], settings: ModelSettings
    ) {
        self.format = format
        self.path = path
        self.settingsFile = settingsFile
        self.architecture = architecture
        self.name = name
        self.tensors = tensors
        self.settings = settings
    }

    private init(gguf path: String) throws(ModelError) {
        let file: GGUFFile
        do { file = try GGUFFile(path: path) } catch { throw .weightFile(error) }
        guard let architecture = file.metadata["general.architecture"]?.string else {
            throw .setting(
                name: "general.architecture", file: path, found: "missing", expected: "the name of an architecture")
        }
        self.init(
            format: .gguf, path: path, settingsFile: path, architecture: architecture,
            name: file.metadata["general.name"]?.string, tensors: file.tensors, settings: .gguf(file.metadata))
    }

    /// A tensor that must be there in a given shape.
    func tensor(_ name: String, shape: [Int]) throws(ModelError) -> Tensor {
        guard let tensor = tensors[name] else { throw .missingTensor(name: name, file: path) }
        guard tensor.shape == shape else {
            throw .wrongShape(tensor: name, file: tensor.file, found: tensor.shape, expected: shape)
        }
        return tensor
    }
}
