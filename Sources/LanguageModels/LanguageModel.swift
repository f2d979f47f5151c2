public import Hashing
public import LinearAlgebra
internal import Synchronization
internal import WeightFiles

/// A language model: its settings and its weights, shared by all workers.
///
/// The files stay mapped; a block's weights are expanded to floats when a worker first needs them, and kept.
public final class LanguageModel: Sendable {
    /// The path that the model was opened by.
    public let path: String
    /// The model's own name, if its files give one; else the last part of the path.
    public let name: String
    /// Its sizes and settings.
    public let configuration: ModelConfiguration
    /// A hash of its settings and of every byte of its weights.
    public let digest: Hash128

    let weights: StoredWeights
    private let loaded: Mutex<Loaded>

    private struct Loaded {
        var blocks: [Block?]
        var finalNorm: Norm?
        var head: WeightMatrix?
    }

    /// Opens a GGUF file, or a Hugging Face folder with `config.json` and safetensors, and checks all of its shapes.
    public init(path: String) throws(ModelError) {
        let given = try ModelFiles(path: path)
        let architecture = try Architectures.architecture(of: given)
        let files = given.completed(by: architecture.folderDefaults)
        let configuration = try architecture.configuration(of: files)
        weights = try architecture.weights(in: files, configuration)
        try Architectures.checkAllUsed(weights, in: files, architecture)
        self.path = path
        self.configuration = configuration
        name = files.name ?? path.split(separator: "/").last.map(String.init) ?? path
        digest = files.digest()
        loaded = Mutex(Loaded(blocks: [Block?](repeating: nil, count: configuration.blocks)))
    }

    /// The width of the activations at a hookpoint; throws if the model has no such hookpoint.
    public func width(at hookpoint: Hookpoint) throws(ModelError) -> Int {
        guard (0..<configuration.blocks).contains(hookpoint.block) else {
            throw .unknownHookpoint(name: hookpoint.description, blocks: configuration.blocks)
        }
        try checkNeurons(at: hookpoint)
        return configuration.width(at: hookpoint.site)
    }

    /// The hookpoint of a name; throws if it is not a hookpoint's name or the model has no such block.
    public func hookpoint(named name: String) throws(ModelError) -> Hookpoint {
        guard let hookpoint = Hookpoint(name), hookpoint.block < configuration.blocks else {
            throw .unknownHookpoint(name: name, blocks: configuration.blocks)
        }
        try checkNeurons(at: hookpoint)
        return hookpoint
    }

    private func checkNeurons(at hookpoint: Hookpoint) throws(ModelError) {
        guard hookpoint.site == .neurons, case .experts = weights.blocks[hookpoint.block].feedForward else { return }
        throw .noNeurons(hookpoint: hookpoint.description)
    }

    /// Probes how contexts may be batched so that a token's activations do not depend on its neighbours.
    public func batchMode() -> BatchMode { configuration.batchMode() }

    /// The weights of one block, expanded on first use.
    func block(_ index: Int) throws(ModelError) -> Block {
        try loaded.withLock { loaded throws(ModelError) in
            if let block = loaded.blocks[index] { return block }
            let block = try Block(weights.blocks[index])
            loaded.blocks[index] = block
            return block
        }
    }

    /// The weights of the last normalisation, expanded on first use.
    func finalNorm() throws(ModelError) -> Norm {
        try loaded.withLock { loaded throws(ModelError) in
            if let norm = loaded.finalNorm { return norm }
            let norm = try Norm(weights.finalNorm)
            loaded.finalNorm = norm
            return norm
        }
    }

    /// The matrix that makes logits, expanded on first use.
    func head() throws(ModelError) -> WeightMatrix {
        try loaded.withLock { loaded throws(ModelError) in
            if let head = loaded.head { return head }
            let head = try WeightMatrix(weights.head)
            loaded.head = head
            return head
        }
    }

    /// Throws if tokens are not of the vocabulary or too many.
    func check(_ tokens: [UInt32], context: Int, after length: Int = 0) throws(ModelError) {
        guard tokens.count <= configuration.maximumContext - length else {
            throw .contextTooLong(tokens: tokens.count + length, maximum: configuration.maximumContext)
        }
        for (position, token) in tokens.enumerated() where token >= configuration.vocabulary {
            throw .tokenOutOfRange(
                token: token, context: context, position: position, vocabulary: configuration.vocabulary)
        }
    }
}
