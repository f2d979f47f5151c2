/// Settings of the explainer that explains each of a latent's meanings by itself.
public struct SeveralSettings: Sendable, Hashable, Codable {
    /// The most parts of an explanation; never more than `LexicalPredicate.maximumAlternatives`.
    public var maximumParts = LexicalPredicate.maximumAlternatives
    /// The smallest share of a latent's activation mass that a cluster of weight has.
    public var share = 0.1
    /// The fewest windows of a cluster of weight.
    public var fewest = 8
    /// How much more alike windows must be to their own cluster than to the nearest other, weighed by mass.
    public var separation = 0.25
    /// How often tokens are shuffled; no shuffling may tell the windows apart as well.
    public var shuffles = 19
    /// The most windows that are clustered, those of lowest priority.
    public var windows = 256

    /// Makes the default settings.
    public init() {}

    var named: [String: String] {
        [
            "maximumParts": "\(maximumParts)", "share": "\(share)", "fewest": "\(fewest)",
            "separation": "\(separation)", "shuffles": "\(shuffles)", "windows": "\(windows)",
        ]
    }
}
