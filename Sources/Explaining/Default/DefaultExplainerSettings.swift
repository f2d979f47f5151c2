/// Settings of the default explainer, the contrastive one among them.
public struct DefaultExplainerSettings: Sendable, Hashable {
    /// How many examples are shown.
    public var examples = 40
    /// The fewest windows (occurrences) a latent must have fired in.
    public var minimumExamples = 1
    /// How examples are chosen.
    public var sampling = ExampleSampling.quantiles(10)
    /// Whether strengths are listed below each example.
    public var showsStrengths = true
    /// Whether the model is asked to think before it answers.
    public var chainOfThought = false
    /// How many train windows in which the latent is silent are shown too; with any, the explainer is contrastive.
    public var contrasts = 0
    /// Whether the answer is started with the answer tag, for models too weak to end with it by themselves.
    ///
    /// Without effect if the model is asked to think first.
    public var startsAnswer = false
    /// The longest answer, in tokens of the model.
    public var maximumTokens = 400

    /// Makes the default settings.
    public init() {}

    /// The settings that change the outcome; those added later are named only if they are not as before, so that
    /// jobs keep their names.
    var named: [String: String] {
        var named = [
            "examples": "\(examples)", "sampling": "\(sampling)", "strengths": "\(showsStrengths)",
            "startsAnswer": "\(startsAnswer)", "maximumTokens": "\(maximumTokens)",
        ]
        if chainOfThought { named["chainOfThought"] = "true" }
        if contrasts > 0 { named["contrasts"] = "\(contrasts)" }
        return named
    }
}

extension DefaultExplainerSettings: Codable {
    private enum Key: String, CodingKey {
        case examples, minimumExamples, sampling, showsStrengths, chainOfThought, contrasts, startsAnswer, maximumTokens
    }

    /// Reads settings; what an older plan does not name is as it was then.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        examples = try container.decode(Int.self, forKey: .examples)
        minimumExamples = try container.decode(Int.self, forKey: .minimumExamples)
        sampling = try container.decode(ExampleSampling.self, forKey: .sampling)
        showsStrengths = try container.decode(Bool.self, forKey: .showsStrengths)
        chainOfThought = try container.decodeIfPresent(Bool.self, forKey: .chainOfThought) ?? false
        contrasts = try container.decodeIfPresent(Int.self, forKey: .contrasts) ?? 0
        startsAnswer = try container.decode(Bool.self, forKey: .startsAnswer)
        maximumTokens = try container.decode(Int.self, forKey: .maximumTokens)
    }

    /// Writes all settings.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(examples, forKey: .examples)
        try container.encode(minimumExamples, forKey: .minimumExamples)
        try container.encode(sampling, forKey: .sampling)
        try container.encode(showsStrengths, forKey: .showsStrengths)
        try container.encode(chainOfThought, forKey: .chainOfThought)
        try container.encode(contrasts, forKey: .contrasts)
        try container.encode(startsAnswer, forKey: .startsAnswer)
        try container.encode(maximumTokens, forKey: .maximumTokens)
    }
}
