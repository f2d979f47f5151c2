/// Settings of generation scoring.
public struct GenerationSettings: Sendable, Hashable, Codable {
    /// The texts wanted of each kind: written for the explanation, and written for none.
    public var texts = 20
    /// The most texts that one answer is asked for.
    public var textsPerAnswer = 5
    /// The temperature at which answers are drawn; at 0 the likeliest answer is the only one, and all texts are asked for in it.
    public var temperature = 0.8
    /// The most tokens of a text that the subject reads.
    public var tokens = 40
    /// The quantile, among the peaks of the held-out windows in which the latent fires, that a strong response lies above.
    public var strength = 0.5
    /// Resamples of the bootstrap.
    public var resamples = 1000

    /// Makes the default settings.
    public init() {}

    var named: [String: String] {
        [
            "texts": "\(texts)", "textsPerAnswer": "\(textsPerAnswer)", "temperature": "\(temperature)",
            "tokens": "\(tokens)", "strength": "\(strength)", "resamples": "\(resamples)",
        ]
    }
}
