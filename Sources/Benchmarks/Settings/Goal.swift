/// The goal of a figure.
public enum Goal: Sendable, Hashable {
    /// The measured figure is at least this many times the baseline.
    case ratioAtLeast(Double)
    /// The measured figure is at most this many times the baseline.
    case ratioAtMost(Double)
    /// The measured figure itself is at most this.
    case valueAtMost(Double)

    /// Whether it is reached; `nil` if it takes a ratio and there is none.
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
