/// Settings of the explainer by what a latent changes in the subject's output.
public struct OutputSettings: Sendable, Hashable, Codable {
    /// The most ordinary texts at whose ends the latent's decoder row is added.
    public var texts = 24
    /// How much is added, in multiples of the latent's upper decile: the activation that a tenth of its activations exceed.
    public var strength = 4.0
    /// The most tokens named that become likelier to come next, and as many that become less likely.
    public var changedTokens = 10
    /// The most tokens named that the decoder row alone promotes, and as many that it suppresses; 0 for none.
    public var promotedTokens = 8
    /// The most texts that are gone on with, with and without the addition.
    public var continuations = 4
    /// The tokens of a continuation.
    public var continuationTokens = 10
    /// The most tokens of a prompt, worked cases included.
    public var promptTokens = 1200
    /// The fewest windows (occurrences) a latent must have fired in.
    public var minimumExamples = 1
    /// Whether the answer is started with the answer tag, for models too weak to end with it by themselves.
    public var startsAnswer = false
    /// The longest answer, in tokens of the model.
    public var maximumTokens = 128

    /// Makes the default settings.
    public init() {}

    /// The settings that change the outcome.
    var named: [String: String] {
        [
            "texts": "\(texts)", "strength": "\(strength)", "changedTokens": "\(changedTokens)",
            "promotedTokens": "\(promotedTokens)", "continuations": "\(continuations)",
            "continuationTokens": "\(continuationTokens)", "promptTokens": "\(promptTokens)",
            "startsAnswer": "\(startsAnswer)", "maximumTokens": "\(maximumTokens)",
        ]
    }
}
