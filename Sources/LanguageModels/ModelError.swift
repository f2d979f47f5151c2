public import WeightFiles

/// Why a model cannot be read, or cannot do what was asked of it.
public enum ModelError: Error, Hashable, CustomStringConvertible {
    /// A weight file is damaged or of a kind that cannot be read.
    case weightFile(WeightFileError)
    /// A file of the model cannot be read or parsed.
    case unreadable(file: String, reason: String)
    /// No architecture of this name is built.
    case unknownArchitecture(name: String, file: String, known: [String])
    /// A setting is missing or has a value that cannot be right.
    case setting(name: String, file: String, found: String, expected: String)
    /// The model uses something that is not built for its architecture.
    case unsupported(feature: String, file: String)
    /// A tensor is missing.
    case missingTensor(name: String, file: String)
    /// A tensor has another shape than the settings say.
    case wrongShape(tensor: String, file: String, found: [Int], expected: [Int])
    /// A tensor is not one that the architecture has.
    case unknownTensor(name: String, file: String, architecture: String)
    /// A weight is not a finite number.
    case notFinite(tensor: String, file: String, index: Int)
    /// The text is no hookpoint, or the model has no such block.
    case unknownHookpoint(name: String, blocks: Int)
    /// The block has experts and no neurons of one layer.
    case noNeurons(hookpoint: String)
    /// A token id is not in the vocabulary.
    case tokenOutOfRange(token: UInt32, context: Int, position: Int, vocabulary: Int)
    /// A place asked about is not in the prompt.
    case placeOutOfRange(place: Int, tokens: Int)
    /// A context is longer than the model allows.
    case contextTooLong(tokens: Int, maximum: Int)
    /// There is no token to go on from.
    case noTokens
    /// The batch is full.
    case batchIsFull(jobs: Int)
    /// A job's keys and values do not fit into what a batch may keep.
    case cacheIsFull(needed: Int, free: Int)
    /// Activations could not be changed as asked.
    case editFailed(hookpoint: String, reason: String)
    /// A setting of how tokens are drawn cannot be used.
    case sampling(setting: String, found: String, expected: String)

    /// What is wrong, where, what was expected and what to do.
    public var description: String {
        switch self {
        case .weightFile(let error): error.description
        case .unreadable(let file, let reason): "\(file): \(reason)"
        case .unknownArchitecture(let name, let file, let known):
            "\(file): architecture \(Self.quoted(name)) is not built; these are: \(known.joined(separator: ", "))"
        case .setting(let name, let file, let found, let expected):
            "\(file): setting \(Self.quoted(name)) is \(Self.quoted(found)), expected \(expected)"
        case .unsupported(let feature, let file):
            "\(file): \(feature) is not built for this architecture; use another model"
        case .missingTensor(let name, let file):
            "\(file): tensor \(Self.quoted(name)) is missing; the file is incomplete or of another architecture"
        case .wrongShape(let tensor, let file, let found, let expected):
            """
            \(file): tensor \(Self.quoted(tensor)) has shape \(found), expected \(expected) by the model's settings; \
            the file is damaged or of another architecture
            """
        case .unknownTensor(let name, let file, let architecture):
            """
            \(file): tensor \(Self.quoted(name)) is not one that a model of architecture \(architecture) has; its output \
            would be left out of account, use another model
            """
        case .notFinite(let tensor, let file, let index):
            """
            \(file): tensor \(Self.quoted(tensor)): value \(index) is not a finite number, expected finite weights; the \
            file is damaged, get it again
            """
        case .unknownHookpoint(let name, let blocks):
            """
            hookpoint \(Self.quoted(name)) does not exist; use layers.N with N from 0 to \(blocks - 1), or that and one of \
            \(Hookpoint.Site.allCases.filter { $0 != .residual }.map { "." + $0.rawValue }.joined(separator: ", "))
            """
        case .noNeurons(let hookpoint):
            """
            hookpoint \(Self.quoted(hookpoint)) does not exist: the feed-forward layer of that block is a mixture of experts; \
            use what it reads (.mlp.input) or what it gives (.mlp)
            """
        case .tokenOutOfRange(let token, let context, let position, let vocabulary):
            """
            token id \(token) at position \(position) of context \(context) is not in the vocabulary of \(vocabulary) \
            tokens; use the tokenizer of this model
            """
        case .placeOutOfRange(let place, let tokens):
            "the prompt has \(tokens) tokens and none at place \(place); ask about places from 0 to \(tokens - 1)"
        case .contextTooLong(let tokens, let maximum):
            "a context of \(tokens) tokens is longer than the model's maximum of \(maximum); use a shorter one"
        case .noTokens: "there are no tokens to go on from; give at least one"
        case .batchIsFull(let jobs): "the batch has \(jobs) jobs, as many as it takes; wait until one of them leaves"
        case .cacheIsFull(let needed, let free):
            """
            the job's keys and values may need \(needed) bytes, but \(free) are free; wait until another job leaves, ask for \
            fewer tokens or allow more bytes
            """
        case .editFailed(let hookpoint, let reason):
            "the activations at \(Self.quoted(hookpoint)) could not be changed: \(Self.quoted(reason))"
        case .sampling(let setting, let found, let expected):
            "sampling: \(setting) is \(Self.quoted(found)), expected \(expected)"
        }
    }

    private static func quoted(_ text: String) -> String {
        String(text.unicodeScalars.prefix(120).map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : Character($0) })
    }
}
