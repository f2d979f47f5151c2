/// What a figure is to reach.
public enum Goal: Sendable, Hashable {
    /// The measured figure is at least so many times the baseline.
    case ratioAtLeast(Double)
    /// The measured figure is at most so many times the baseline.
    case ratioAtMost(Double)
    /// The measured figure itself is at most this.
    case valueAtMost(Double)

    /// Whether it is reached; `nil` where it takes a ratio and there is none.
    public func isReached(value: Double, ratio: Double?) -> Bool? {
        switch self {
        case .ratioAtLeast(let bound): ratio.map { $0 >= bound }
        case .ratioAtMost(let bound): ratio.map { $0 <= bound }
        case .valueAtMost(let bound): value <= bound
        }
    }

    /// The bound, such as `≥ 0.90 ×` or `≤ 0.30`.
    public var text: String {
        switch self {
        case .ratioAtLeast(let bound): "≥ \(Figure.text(bound)) ×"
        case .ratioAtMost(let bound): "≤ \(Figure.text(bound)) ×"
        case .valueAtMost(let bound): "≤ \(Figure.text(bound))"
        }
    }
}
