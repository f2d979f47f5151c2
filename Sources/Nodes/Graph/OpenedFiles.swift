import Interchange
import LanguageModels
import Running
import SparseCoders
import Synchronization
import Tokenization
import Topology

/// The models, tokenizers, coders and caches of a topology, each opened and hashed once.
final class OpenedFiles: Sendable {
    private let topology: Topology
    private let keepsCoders: Bool
    private let models: OpenedOnce<String, LanguageModel>
    private let tokenizers: OpenedOnce<String, Tokenizer>
    private let encoders: OpenedOnce<String, SentenceEncoder>
    private let coders: OpenedOnce<CoderKey, SparseCoder>
    private let caches: OpenedOnce<String, DelphiCache>

    private struct CoderKey: Hashable {
        let choice: CoderChoice
        let width: Int?
    }

    /// Opens nothing yet; what `other` has opened is not opened again.
    init(topology: Topology, keepsCoders: Bool, sharing other: OpenedFiles? = nil) {
        self.topology = topology
        self.keepsCoders = keepsCoders
        models = OpenedOnce(from: other?.models)
        tokenizers = OpenedOnce(from: other?.tokenizers)
        encoders = OpenedOnce(from: other?.encoders)
        coders = OpenedOnce(from: other?.coders)
        caches = OpenedOnce(from: other?.caches)
    }

    /// The file of a name under `models:`.
    func file(_ name: String) throws -> ModelFile {
        switch topology.models[name] {
        case .file(let file): return file
        case .openAI:
            throw DaemonError(
                .configuration, "model \(name) is behind an endpoint, but its weights are needed here: give a `path`")
        case nil: throw DaemonError(.configuration, "no model is named \(name)")
        }
    }

    /// The file of a name whose weights are here.
    private func weights(_ name: String) throws -> ModelFile {
        let file = try file(name)
        guard file.hasWeights else {
            throw DaemonError(
                .configuration,
                "model \(name) is known by its tokenizer alone, but its weights are needed here: give a `path`")
        }
        return file
    }

    /// The model of a name.
    func model(_ name: String) throws -> LanguageModel {
        try models.value(of: weights(name).path) { try LanguageModel(path: $0) }
    }

    /// The model of a name, if it and its tokenizer can be read; otherwise that has been reported of the model itself.
    func soundModel(_ name: String) -> LanguageModel? {
        guard (try? tokenizer(name)) != nil else { return nil }
        return try? model(name)
    }

    /// The tokenizer of a name.
    func tokenizer(_ name: String) throws -> Tokenizer {
        try tokenizers.value(of: file(name).path) { try Tokenizer.load(from: $0) }
    }

    /// The sentence encoder of a name.
    func encoder(_ name: String) throws -> SentenceEncoder {
        try encoders.value(of: weights(name).path, keeping: keepsCoders) { try SentenceEncoder(folder: $0) }
    }

    /// A coder that reads activations `width` wide, which neurons alone need.
    func coder(_ choice: CoderChoice, width: Int?) throws -> SparseCoder {
        try coders.value(of: CoderKey(choice: choice, width: width), keeping: keepsCoders) {
            try $0.choice.open(width: $0.width)
        }
    }

    /// The cache in a folder.
    func cache(at folder: String) throws -> DelphiCache {
        try caches.value(of: folder, keeping: keepsCoders) { try DelphiCache(folder: $0) }
    }

    /// The token that the contexts of a model begin with; `nil` for none.
    ///
    /// - Throws: `BOSFault` if that is not known.
    func bos(of name: String) throws -> UInt32? {
        try BOSFault.token(of: name, file: file(name), tokenizer: tokenizer(name))
    }
}

/// Values that are opened once; a failure is remembered too.
private final class OpenedOnce<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let opened: Mutex<[Key: Result<Value, any Error>]>

    /// Takes over what another has opened; what it could not open is tried again.
    init(from other: OpenedOnce?) {
        let held = other?.opened.withLock { opened in
            opened.filter { if case .success = $0.value { true } else { false } }
        }
        opened = Mutex(held ?? [:])
    }

    /// The value of a key.
    ///
    /// Two concurrent callers may both open it.
    func value(of key: Key, keeping: Bool = true, open: (Key) throws -> Value) throws -> Value {
        if let known = opened.withLock({ $0[key] }) { return try known.get() }
        let result = Result { try open(key) }
        if keeping { opened.withLock { $0[key] = result } }
        return try result.get()
    }
}
