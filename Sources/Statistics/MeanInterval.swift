import Elements

/// The interval of a mean over latents from its resamples.
struct MeanInterval: Sendable {
    /// The range of one latent's values.
    private let range: ClosedRange<Double>
    private let latents: Int
    /// The share of resamples left out on either side.
    private let tail: Double

    init(of values: [LatentValue], range: ClosedRange<Double>) {
        self.range = range
        latents = values.count
        tail =
            values.contains(where: \.isStopped)
            ? StudentT.expandedTail(latents: values.count) { StudentT.upper(degrees: Double($0)) } : 0.025
    }

    /// A mean with its interval: each resample that has a value is moved by what documents add to it.
    func estimate(_ value: Double, _ resamples: [Double?], _ spread: DocumentSpread?) -> Estimate {
        let moved = resamples.enumerated().compactMap { number, mean -> Double? in
            guard let mean else { return nil }
            let moved = mean + (spread?.deviation(at: number) ?? 0)
            return range.contains(mean) ? min(max(moved, range.lowerBound), range.upperBound) : moved
        }
        let (lower, upper) = Quantiles(moved).interval(of: value, in: range, tail: tail)
        return Estimate(value: value, lower: lower, upper: upper, count: latents)
    }
}
