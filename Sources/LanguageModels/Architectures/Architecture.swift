/// A family of models: how its settings are read and where its weights stand.
///
/// An architecture is one type in a file of its own, named in `Architectures.all`.
protocol Architecture: Sendable {
    /// The name that its files give in `general.architecture` (GGUF) or `model_type` (Hugging Face).
    static var name: String { get }
    /// Reads the settings; throws where one is missing, wrong or asks for what is not built.
    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration
    /// Finds the weights; throws where one is missing or of another shape than the configuration says.
    static func weights(in files: ModelFiles, _ configuration: ModelConfiguration) throws(ModelError) -> StoredWeights
}

/// The architectures that are built.
enum Architectures {
    static let all: [any Architecture.Type] = [Llama.self]

    /// The architecture of some files.
    static func architecture(of files: ModelFiles) throws(ModelError) -> any Architecture.Type {
        guard let found = all.first(where: { $0.name == files.architecture }) else {
            throw .unknownArchitecture(
                name: files.architecture, file: files.settingsFile, known: all.map { $0.name }.sorted())
        }
        return found
    }
}
