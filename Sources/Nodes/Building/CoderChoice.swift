import Running
import SparseCoders

/// The choice of coder for an encode node: one in a folder, a model's own neurons, or a random one as a control.
enum CoderChoice: Hashable {
    /// The coder in a folder or file, and what its files leave open.
    case folder(String, given: CoderGivens = CoderGivens())
    /// The neurons of a hookpoint of this width.
    case neurons(k: Int, sides: NeuronSides)
    /// Random directions in the shape of the coder in a folder.
    case random(like: String, seed: UInt64)

    /// The words that `coder:` takes for coders without a folder; a folder of that name is written `./neurons`.
    static let words = ["neurons", "random"]

    /// Reads the choice from the fields of an encode node, named `node` in messages.
    ///
    /// - Throws: `DaemonError` naming the field that is missing or does not belong.
    init(
        coder: String, given: CoderGivens, sides: NeuronSides?, like: String?, seed: Int?, node: String
    ) throws {
        let k = given.k
        func refuse(_ field: String, _ isGiven: Bool, _ owner: String) throws {
            guard isGiven else { return }
            throw DaemonError(.configuration, "\(node): `\(field)` is for `coder: \(owner)` only")
        }
        func refuseNorm() throws {
            guard given.averageNorm != nil else { return }
            throw DaemonError(.configuration, "\(node): `average_norm` is for a coder in a folder only")
        }
        switch coder {
        case "neurons":
            try refuse("like", like != nil, "random")
            try refuseNorm()
            self = .neurons(k: k ?? 32, sides: sides ?? .positive)
        case "random":
            try refuse("k", k != nil, "neurons")
            try refuse("sides", sides != nil, "neurons")
            try refuseNorm()
            guard let like else {
                throw DaemonError(
                    .configuration,
                    "\(node): `coder: random` needs `like:`, the folder of the coder whose shape it takes")
            }
            self = .random(like: like, seed: UInt64(clamping: seed ?? 0))
        default:
            try refuse("sides", sides != nil, "neurons")
            try refuse("like", like != nil, "random")
            self = .folder(coder, given: given)
        }
    }

    /// The folder that it reads; `nil` for none.
    var folder: String? {
        switch self {
        case .folder(let path, _), .random(let path, _): path
        case .neurons: nil
        }
    }

    /// Whether its shape is that of the hookpoint that it reads.
    var needsWidth: Bool { if case .neurons = self { true } else { false } }

    /// Opens the coder; `width` is that of the hookpoint it reads.
    func open(width: Int?) throws -> SparseCoder {
        switch self {
        case .folder(let path, let given): return try SparseCoder(folder: path, given: given)
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
