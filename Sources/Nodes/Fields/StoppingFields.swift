import Scoring
import Topology

/// The fields that decide when a score node stops asking about an explanation.
struct StoppingFields: Sendable {
    static let rule = Field<Stopping.Rule?>.choice(
        "stopping", among: ["none", "verdict", "interval"], default: "none",
        """
        When to stop asking about an explanation before all examples are through: once it is known whether its \
        balanced accuracy reaches `threshold`, or once the interval is narrow enough.
        """
    ) { $0 == "none" ? .some(nil) : Stopping.Rule(rawValue: $0) }
    private static let threshold = Field.number(
        "threshold", 0...1, default: 0.75,
        "With `stopping`: the balanced accuracy from which on an explanation counts as interpretable.")
    private static let indifference = Field.number(
        "indifference", 0.01...0.4, default: 0.08,
        "With `stopping: verdict`: so near the threshold a verdict may be wrong more often than `error`.")
    private static let error = Field.number(
        "error", 0.0001...0.4, default: 0.05,
        "With `stopping: verdict`: how often a verdict may be wrong on either side.")
    private static let halfWidth = Field.number(
        "half_width", 0.01...0.5, default: 0.1,
        """
        With `stopping: interval`: half the width, at which one stops, of the interval for what asking all would give.
        """)
    static let fields = [
        rule.schema, threshold.schema, indifference.schema, error.schema, halfWidth.schema,
    ]

    /// The rule for stopping; `nil` for never.
    let stopping: Stopping?
    /// The least score with which an explanation counts as interpretable.
    let threshold: Double

    init(_ node: Node) throws(TopologyError) {
        let rule = try node[Self.rule]
        let (indifference, error) = (try node[Self.indifference], try node[Self.error])
        let (threshold, halfWidth) = (try node[Self.threshold], try node[Self.halfWidth])
        self.threshold = threshold
        stopping = rule.map {
            Stopping(
                rule: $0, threshold: threshold, indifference: indifference, error: error, halfWidth: halfWidth)
        }
    }
}
