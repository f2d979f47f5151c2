internal import JSONText

/// A family of models: how its settings are read and where its weights are.
///
/// An architecture is one type in a file of its own, named in `Architectures.all`.
protocol Architecture: Sendable {
    /// The names that its files give in `general.architecture` (GGUF) or `model_type` (Hugging Face).
    static var names: [String] { get }
    /// The ends of the names of tensors that some files have besides the weights, and that change nothing.
    static var ignoredTensors: [String] { get }
    /// The beginnings of the names of tensors of other parts than the language model, such as one that reads images.
    static var ignoredParts: [String] { get }
    /// The kinds of quantisation, as `quantization_config` names them, that its folders are read with.
    static var quantisations: [String] { get }
    /// The settings that Hugging Face's implementation has for a folder that leaves them out.
    static var folderDefaults: [JSONValue.Member] { get }
    /// Reads the settings; throws if one is missing, wrong or asks for what is not implemented.
    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration
    /// Finds the weights; throws if one is missing or of another shape than the configuration says.
    static func weights(in files: ModelFiles, _ configuration: ModelConfiguration) throws(ModelError) -> StoredWeights
}

extension Architecture {
    static var ignoredTensors: [String] { [] }
    static var ignoredParts: [String] { [] }
    static var quantisations: [String] { [] }
    static var folderDefaults: [JSONValue.Member] { [] }

    /// The name of the architecture.
    static var name: String { names.first ?? "" }
}

/// The architectures that are built.
enum Architectures {
    static let all: [any Architecture.Type] = [
        GPT2.self, GPTNeoX.self, Llama.self, Mistral.self, Gemma.self, Gemma2.self, Gemma3.self, Qwen2.self, Qwen3.self,
        Qwen3MoE.self, GPTOSS.self, OLMo2.self, OLMo3.self, Phi3.self,
    ]

    /// Tensors that are computed from settings, or copies of the embedding.
    private static let derivedTensors = [
        "rotary_emb.inv_freq", "lm_head.weight", "embed_out.weight", "rope_freqs.weight", "rope_factors_short.weight",
        "rope_factors_long.weight",
    ]

    /// The architecture of some files.
    static func architecture(of files: ModelFiles) throws(ModelError) -> any Architecture.Type {
        guard let found = all.first(where: { $0.names.contains(files.architecture) }) else {
            throw .unknownArchitecture(
                name: files.architecture, file: files.settingsFile, known: all.flatMap { $0.names }.sorted())
        }
        if let kind = files.quantisation, !found.quantisations.contains(kind) {
            throw .unreadable(
                file: files.settingsFile,
                reason: "the weights are quantised by \(kind) (`quantization_config`), which is not read; use the "
                    + "model before it was quantised, or a GGUF file of it")
        }
        return found
    }

    /// Throws if the files have a tensor that a model of this architecture and these weights does not use.
    static func checkAllUsed(
        _ weights: StoredWeights, in files: ModelFiles, _ architecture: any Architecture.Type
    ) throws(ModelError) {
        let used = weights.tensorNames
        let ignored = derivedTensors + architecture.ignoredTensors
        let unknown = files.tensors.keys.filter { name in
            !used.contains(name) && !ignored.contains { name == $0 || name.hasSuffix("." + $0) }
                && !architecture.ignoredParts.contains { name.hasPrefix($0) || name.hasPrefix("model." + $0) }
        }
        guard let first = unknown.min() else { return }
        throw .unknownTensor(name: first, file: files.path, architecture: architecture.name)
    }
}
