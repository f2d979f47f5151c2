/// Settings of the default explainer, the contrastive one among them.
public struct DefaultExplainerSettings: Sendable, Hashable {
    /// What a prompt shows.
    public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
        /// Whole windows, all of them.
        case passages
        /// The marked tokens counted, then as many clipped passages as a budget allows.
        case counted
    }

    /// What the prompt shows.
    public var form = Form.counted
    /// The most tokens of a prompt with counts, worked cases included.
    public var promptTokens = 1200
    /// The most marked tokens named with their counts; 0 for no counts.
    public var countedTokens = 12
    /// The most tokens named that the latent promotes, and as many that it suppresses; 0 for none.
    public var promotedTokens = 8
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

    /// Whether the prompt has room for what a latent promotes.
    public var showsPromotedTokens: Bool { form == .counted && promotedTokens > 0 }

    /// The settings that change the outcome; those added later are named only if they are not as before, so that
    /// jobs keep their names.
    var named: [String: String] {
        var named = [
            "examples": "\(examples)", "sampling": "\(sampling)", "strengths": "\(showsStrengths)",
            "startsAnswer": "\(startsAnswer)", "maximumTokens": "\(maximumTokens)",
        ]
        if chainOfThought { named["chainOfThought"] = "true" }
        if contrasts > 0 { named["contrasts"] = "\(contrasts)" }
        if form != .passages {
            named["form"] = form.rawValue
            named["promptTokens"] = "\(promptTokens)"
            named["countedTokens"] = "\(countedTokens)"
            named["promotedTokens"] = "\(promotedTokens)"
        }
        return named
    }
}

extension DefaultExplainerSettings: Codable {
    private enum Key: String, CodingKey {
        case examples, minimumExamples, sampling, showsStrengths, chainOfThought, contrasts, startsAnswer, maximumTokens
        case form, promptTokens, countedTokens, promotedTokens
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
        form = try container.decodeIfPresent(Form.self, forKey: .form) ?? .passages
        promptTokens = try container.decodeIfPresent(Int.self, forKey: .promptTokens) ?? promptTokens
        countedTokens = try container.decodeIfPresent(Int.self, forKey: .countedTokens) ?? countedTokens
        promotedTokens = try container.decodeIfPresent(Int.self, forKey: .promotedTokens) ?? promotedTokens
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
        try container.encode(form, forKey: .form)
        try container.encode(promptTokens, forKey: .promptTokens)
        try container.encode(countedTokens, forKey: .countedTokens)
        try container.encode(promotedTokens, forKey: .promotedTokens)
    }
}
