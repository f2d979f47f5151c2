package import Elements
package import LanguageModels
import Tokenization
import Topology

extension Graph {
    /// The models that are asked for vectors of sentences, whatever else they are used for.
    var encoders: Set<String> { Set(uses.filter { $0.purpose == .sentences }.map(\.name)) }

    /// The models that are asked for vectors of sentences and nothing else.
    package var sentenceEncoders: Set<String> {
        encoders.subtracting(uses.filter { $0.purpose != .sentences }.map(\.name))
    }

    /// The models that nodes ask behind a server.
    package var servedModels: [String] {
        Set(uses.map(\.name)).filter { name in
            if case .openAI = topology.models[name] { true } else { false }
        }.sorted()
    }

    /// Whether a name's model runs in this process.
    func isInProcess(_ name: String) -> Bool {
        if case .file = topology.models[name] { true } else { false }
    }

    /// Whether the chats of a model go by batches.
    func isBatched(_ name: String) -> Bool {
        if case .openAI(let endpoint) = topology.models[name] { endpoint.batches != nil } else { false }
    }

    /// Whether a node uses a model.
    func isUsed(_ name: String) -> Bool { uses.contains { $0.name == name } }

    private var uses: [ModelUse] { nodes.flatMap(\.models) }

    /// What shows the tokens of a node as text; `nil` if it gives none that are known.
    ///
    /// - Throws: `DaemonError` or `TokenizerError` if the tokenizer cannot be read.
    package func tokenDecoder(of id: String) throws -> (any TokenDecoder)? {
        guard let node = topology.node(id), let names = first((any NamesTokens).self, above: node) else { return nil }
        return try weights.tokenizer(names.model)
    }

    /// The model of a name, opened once.
    ///
    /// - Throws: `DaemonError` if it has no weights here, `ModelError` if they cannot be read.
    package func model(_ name: String) throws -> LanguageModel { try weights.model(name) }

    /// The sentence encoder of a name, opened once.
    ///
    /// - Throws: `DaemonError` if it has no weights here, `ModelError` if they cannot be read.
    package func encoder(_ name: String) throws -> SentenceEncoder { try weights.encoder(name) }
}
