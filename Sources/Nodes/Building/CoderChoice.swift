import Running
import SparseCoders

/// The choice of coder for an encode node: one in a folder, a model's own neurons, or a random one as a control.
enum CoderChoice: Hashable {
    /// The coder in a folder.
    case folder(String)
    /// The neurons of a hookpoint of this width.
    case neurons(k: Int, sides: NeuronSides)
    /// Random directions in the shape of the coder in a folder.
    case random(like: String, seed: UInt64)

    /// The words that `coder:` takes for coders without a folder; a folder of that name is written `./neurons`.
    static let words = ["neurons", "random"]

    /// Reads the choice from the fields of an encode node, named `node` in messages.
    ///
    /// - Throws: `DaemonError` naming the field that is missing or does not belong.
    init(coder: String, k: Int?, sides: NeuronSides?, like: String?, seed: Int?, node: String) throws {
        func refuse(_ field: String, _ isGiven: Bool, _ owner: String) throws {
            guard isGiven else { return }
            throw DaemonError(.configuration, "\(node): `\(field)` is for `coder: \(owner)` only")
        }
        switch coder {
        case "neurons":
            try refuse("like", like != nil, "random")
            self = .neurons(k: k ?? 32, sides: sides ?? .positive)
        case "random":
            try refuse("k", k != nil, "neurons")
            try refuse("sides", sides != nil, "neurons")
            guard let like else {
                throw DaemonError(
                    .configuration,
                    "\(node): `coder: random` needs `like:`, the folder of the coder whose shape it takes")
            }
            self = .random(like: like, seed: UInt64(clamping: seed ?? 0))
        default:
            try refuse("k", k != nil, "neurons")
            try refuse("sides", sides != nil, "neurons")
            try refuse("like", like != nil, "random")
            self = .folder(coder)
        }
    }

    /// The folder that it reads; `nil` for none.
    var folder: String? {
        switch self {
        case .folder(let path), .random(let path, _): path
        case .neurons: nil
        }
    }

    /// Whether its shape is that of the hookpoint that it reads.
    var needsWidth: Bool { if case .neurons = self { true } else { false } }

    /// Opens the coder; `width` is that of the hookpoint it reads.
    func open(width: Int?) throws -> SparseCoder {
        switch self {
        case .folder(let path): return try SparseCoder(folder: path)
        case .random(let path, let seed): return try .random(like: SparseCoder(folder: path), seed: seed)
        case .neurons(let k, let sides):
            guard let width else {
                throw DaemonError(
                    .configuration, "the width of the neurons is not known: feed the node by a forward node")
            }
            return try .neurons(width: width, k: k, sides: sides)
        }
    }
}
