/// What the numbers mean that endpoints give as log-probabilities.
enum LogProbability {
    /// What some servers write for minus infinity (vLLM), and so for a token they know nothing of.
    static let noNumber = -9999.0
    /// How far above 0 rounding may bring one.
    static let slack = 1e-3

    /// The log-probability; `nil` for what is none: NaN, infinity, and what stands for them.
    static func usable(_ value: Double) -> Double? { value.isFinite && value > noNumber ? value : nil }

    /// Why numbers cannot be log-probabilities; `nil` if they can.
    static func fault(in values: [Double]) -> String? {
        guard let most = values.filter(\.isFinite).max(), most > slack else { return nil }
        return "the endpoint gave \(most) for a log-probability, which is never above 0; it may mean probabilities"
    }
}
