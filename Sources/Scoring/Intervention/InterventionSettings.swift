/// Settings of intervention scoring.
public struct InterventionSettings: Sendable, Hashable, Codable {
    /// The mean divergence of the next token's distribution that the strength is tuned to, in nats.
    public var divergence = 1.0
    /// The most prompts whose rising tokens the explanation is made from.
    public var explainingPrompts = 10
    /// The most prompts on which the strength is tuned and the explanation scored.
    public var scoringPrompts = 30
    /// Blocks of rank from which prompts are drawn evenly.
    public var quantiles = 5
    /// The most rising tokens shown for each prompt.
    public var risingTokens = 5
    /// The most tokens of a completion.
    public var completionTokens = 8
    /// The longest explanation in tokens of the model that explains.
    public var explanationTokens = 20
    /// How explanations are drawn; `nil` for one greedy answer, as in plans of versions that drew none.
    public var drawing: ExplanationDrawing? = ExplanationDrawing()

    /// Makes the paper's settings.
    public init() {}

    var named: [String: String] {
        var named = [
            "divergence": "\(divergence)", "explainingPrompts": "\(explainingPrompts)",
            "scoringPrompts": "\(scoringPrompts)", "quantiles": "\(quantiles)", "risingTokens": "\(risingTokens)",
            "completionTokens": "\(completionTokens)", "explanationTokens": "\(explanationTokens)",
        ]
        if let drawing {
            named["explanations"] = "\(drawing.count)"
            named["temperature"] = "\(drawing.temperature)"
        }
        return named
    }
}
