/// The places in a model where a coder was trained to read and to write, as far as its files say.
public struct CoderPlacement: Sendable, Hashable {
    /// Whether it writes another place than it reads: its output approximates another hookpoint's activations than its input's.
    public let isTranscoder: Bool
    /// The place it reads, named as in its settings: `blocks.3.ln2.hook_normalized`, say; `nil` if they name none.
    public let input: String?
    /// The place it writes; that of the input if the coder is no transcoder.
    public let output: String?
    /// The block, where the files name it and no place.
    public var layer: Int?
    /// The one head of the attention that it reads; `nil` for all.
    public var head: Int?
    /// How the texts of its training were run.
    public var training = CoderTraining()
    /// Whether coders in its format are published for several places of one width: a folder that names none is then a risk.
    public let hasManyPlaces: Bool

    /// Makes a placement; a coder that is no transcoder writes what it reads.
    public init(
        isTranscoder: Bool = false, input: String? = nil, output: String? = nil, hasManyPlaces: Bool = false
    ) {
        self.isTranscoder = isTranscoder
        self.input = input
        self.output = isTranscoder ? output : input
        self.hasManyPlaces = hasManyPlaces
    }

    /// The place it reads, as a hookpoint of Gloss; `nil` if its files name none.
    public var inputPlace: PlaceName? { input.map(PlaceName.init) }

    /// The place it writes, as a hookpoint of Gloss; `nil` if its files name none.
    public var outputPlace: PlaceName? { output.map(PlaceName.init) }
}
