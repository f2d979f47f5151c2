public import Elements
public import Hashing

/// What is asked about negatives of one tier, besides the positives that all tiers share.
public struct TierQuestions: Sendable, Hashable, Codable {
    /// The tier.
    public let tier: NegativeTier
    /// The negatives that are asked about; if the tier is not available, the number that exist.
    public let windows: Int
    /// The negatives; none if the tier is not available.
    public let questions: [Question]
    /// The windows of the positives that have a partner in it; `nil` if all positives count.
    public let positives: [Hash128]?

    /// Makes the questions of a tier.
    public init(tier: NegativeTier, windows: Int, questions: [Question], positives: [Hash128]?) {
        self.tier = tier
        self.windows = windows
        self.questions = questions
        self.positives = positives
    }

    /// The same with each question as it is shown.
    func shownBy(_ shown: (Question) -> Question) -> TierQuestions {
        TierQuestions(tier: tier, windows: windows, questions: questions.map(shown), positives: positives)
    }

    /// Whether the tier is scored.
    public var isAvailable: Bool { !questions.isEmpty }

    /// Whether a positive counts in it.
    func counts(_ positive: Question) -> Bool { positives?.contains(positive.identity) ?? true }

    /// The tier and its number of windows, as they go into a job's name.
    var named: String { "\(tier.rawValue):\(windows)\(isAvailable ? "" : "!")" }

    /// The windows as they go into a job's name.
    var shown: [ShownWindow] { questions.map { $0.shown(as: 4) } }
}
