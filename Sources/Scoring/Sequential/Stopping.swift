import Statistics

/// When a judge has been asked enough about an explanation, before all that could be asked is.
public struct Stopping: Sendable, Hashable, Codable {
    /// What one wants to know.
    public enum Rule: String, Sendable, Hashable, Codable, CaseIterable {
        /// Whether the balanced accuracy reaches the threshold.
        case verdict
        /// The balanced accuracy within a margin.
        case interval
    }

    /// The most pairs that stopped estimates are corrected for.
    public static let mostPairs = StoppedEstimate.mostPairs

    /// What one wants to know.
    public var rule: Rule
    /// The balanced accuracy from which on an explanation counts as interpretable.
    public var threshold: Double
    /// How far from the threshold a verdict may be wrong more often than `error` (rule `verdict`).
    public var indifference: Double
    /// How often a verdict may be wrong on either side, away from the threshold (rule `verdict`).
    public var error: Double
    /// Half the width of the interval at which one stops (rule `interval`).
    public var halfWidth: Double

    /// Makes a rule.
    public init(
        rule: Rule, threshold: Double = 0.75, indifference: Double = 0.08, error: Double = 0.05,
        halfWidth: Double = 0.1
    ) {
        self.rule = rule
        self.threshold = threshold
        self.indifference = indifference
        self.error = error
        self.halfWidth = halfWidth
    }

    /// The settings as a job's name holds them.
    var named: String {
        switch rule {
        case .verdict: "verdict \(threshold) \(indifference) \(error)"
        case .interval: "interval \(threshold) \(halfWidth)"
        }
    }
}
