package import Elements

/// One of two lists of latents that have nothing to do with each other, such as those of two coders.
package struct LatentGroup: Sendable {
    let values: [LatentValue]
    let seed: UInt64

    /// Makes a group; its resamples are drawn by a seed of its own, which is to differ from the other group's.
    package init(_ values: [LatentValue], seed: UInt64) {
        self.values = values
        self.seed = seed
    }
}

/// How far the means of two nodes lie apart whose latents are not the same.
///
/// Latents are drawn apart for each, documents together for both: they were read by both.
package struct UnpairedDifference: Sendable, Hashable {
    /// The mean of the first group.
    package let meanOfA: Double
    /// The mean of the second group.
    package let meanOfB: Double
    /// The first mean less the second, with its 95 % interval.
    package let difference: Estimate
    /// The standard error of the difference over latents; `nil` for fewer than two latents of either.
    package let error: Double?
    /// Whether documents are resampled too.
    package let resamplesDocuments: Bool

    /// Reckons the difference; `nil` if a group is empty.
    package init?(
        _ a: LatentGroup, _ b: LatentGroup, range: ClosedRange<Double> = 0...1, resamples: Int = 1000
    ) {
        guard !a.values.isEmpty, !b.values.isEmpty else { return nil }
        let (ofA, ofB) = (a.values.map(\.value), b.values.map(\.value))
        meanOfA = ofA.reduce(0, +) / Double(ofA.count)
        meanOfB = ofB.reduce(0, +) / Double(ofB.count)
        let fewer = min(a.values.count, b.values.count)
        let all = [(a.values, 1.0), (b.values, -1.0)].flatMap { values, sign in
            values.compactMap { value in
                value.replicates.map { replicates in
                    replicates.deviations(from: value.value).map { $0 * sign / Double(values.count) }
                }
            }
        }
        let spread =
            fewer > 1 && all.count == a.values.count + b.values.count ? DocumentSpread(of: all, times: 1) : nil
        resamplesDocuments = spread != nil
        let drawn =
            fewer > 1
            ? zip(
                Resampling.means(of: ofA, max(resamples, 1), seed: a.seed),
                Resampling.means(of: ofB, max(resamples, 1), seed: b.seed)
            ).map { $0 - $1 } : []
        difference = DifferenceInterval(range: range, spread: spread, latents: fewer)
            .estimate(meanOfA - meanOfB, resamples: drawn, count: a.values.count + b.values.count)
        error = DifferenceInterval.unpairedError(ofA, ofB)
    }
}
