/// How many meanings a latent has by its windows, and what was said of each of them.
public struct ExplanationParts: Sendable, Hashable, Codable {
    /// The effective number of meanings: e to the power of the entropy of the clusters' weights; 1 for a latent whose
    /// windows are not told apart better than chance would tell them.
    public let meanings: Double
    /// The clusters of windows of weight, explained or not.
    public let clusters: Int
    /// How much more alike windows are to their own cluster than to the nearest other, from 0 to 1; `nil` for one cluster.
    public let separation: Double?
    /// The share of the latent's activation mass in no part.
    public let rest: Double
    /// The parts, the heaviest first; empty for a latent of one meaning.
    public var parts: [ExplanationPart]
    /// The tokens by which further windows are given to parts; empty without parts.
    public let tokens: [PartToken]

    /// Brings parts together; `tokens` has a value for each of them.
    public init(
        meanings: Double, clusters: Int, separation: Double?, rest: Double, parts: [ExplanationPart],
        tokens: [PartToken]
    ) {
        self.meanings = meanings
        self.clusters = clusters
        self.separation = separation
        self.rest = rest
        self.parts = parts
        self.tokens = tokens
    }

    /// One meaning.
    public static let one = ExplanationParts(
        meanings: 1, clusters: 1, separation: nil, rest: 0, parts: [], tokens: [])
}

/// One of the things that a latent responds to.
public struct ExplanationPart: Sendable, Hashable, Codable {
    /// What it is, in one line of at most 300 characters.
    public var text: String
    /// A predicate that can be run over windows (JSON), if the explainer gives one.
    public var predicate: String?
    /// The share of the latent's activation mass that its train windows hold.
    public let weight: Double
    /// Its train windows.
    public let windows: Int
    /// The likeness from which on a window belongs to it.
    public let reach: Double

    /// Makes a part.
    public init(text: String, predicate: String?, weight: Double, windows: Int, reach: Double) {
        self.text = text
        self.predicate = predicate
        self.weight = weight
        self.windows = windows
        self.reach = reach
    }
}

/// A token that is telling for some part.
public struct PartToken: Sendable, Hashable, Codable {
    /// Its text without case and the space round it.
    public let text: String
    /// Whether it counts where the latent fires at it; else where it stands near.
    public let isFired: Bool
    /// What it weighs, from 0 for a token of every window to 1.
    public let rarity: Double
    /// `[parts]`: its place in the mean of the part's windows.
    public let values: [Double]

    /// Makes a token.
    public init(text: String, isFired: Bool, rarity: Double, values: [Double]) {
        self.text = text
        self.isFired = isFired
        self.rarity = rarity
        self.values = values
    }
}
