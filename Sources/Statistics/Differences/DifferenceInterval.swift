import Elements

/// The interval of a difference of means from its resamples.
///
/// Its ends are expanded percentiles (`StudentT.expandedTail`).
struct DifferenceInterval: Sendable {
    /// The range of one node's values.
    let range: ClosedRange<Double>
    /// What documents add; `nil` if they are not resampled.
    let spread: DocumentSpread?
    /// The latents of the smaller group.
    let latents: Int

    /// A difference with its interval; one without resamples is as wide as the range allows.
    func estimate(_ value: Double, resamples: [Double], count: Int) -> Estimate {
        let width = range.upperBound - range.lowerBound
        func inside(_ number: Double) -> Double {
            abs(value) <= width ? min(max(number, -width), width) : number
        }
        let quantiles = Quantiles(
            resamples.enumerated().map { inside($0.element + (spread?.deviation(at: $0.offset) ?? 0)) })
        let (lower, upper) = quantiles.interval(of: value, in: -width...width, tail: Self.tail(latents: latents))
        return Estimate(value: value, lower: lower, upper: upper, count: count)
    }

    /// The share of resamples below the lower end.
    static func tail(latents: Int) -> Double {
        StudentT.expandedTail(latents: latents) { StudentT.quantile(0.975, degrees: $0) }
    }

    /// The standard error of the difference of two means of latents drawn apart; `nil` for fewer than two of either.
    static func unpairedError(_ a: [Double], _ b: [Double]) -> Double? {
        guard let ofA = StudentT.standardError(of: a), let ofB = StudentT.standardError(of: b) else { return nil }
        return (ofA * ofA + ofB * ofB).squareRoot()
    }
}

extension DocumentSpread {
    /// What latents have in common of what resamples of documents add to each.
    ///
    /// - Parameters:
    ///   - deviations: `[latents][ScoreReplicates.count]`.
    ///   - weight: The weight of each latent in the mean.
    init(of deviations: [[Double]], times weight: Double) {
        var sum = Sum()
        for own in deviations where own.count == ScoreReplicates.count { sum.add { own[$0] * weight } }
        self = sum.spread
    }

    /// The variance that it adds to the mean.
    var variance: Double { deviations.reduce(0) { $0 + $1 * $1 } / Double(max(deviations.count - 1, 1)) }
}
