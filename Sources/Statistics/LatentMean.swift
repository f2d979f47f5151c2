package import Elements

/// The mean over latents, each weighing the same, with its interval: `LatentMeans.macro` by itself.
package struct LatentMean: Sendable, Hashable {
    /// The mean with its 95 % interval.
    package let estimate: Estimate
    /// Whether documents are resampled too: where false, what latents share is not in the interval.
    package let resamplesDocuments: Bool

    /// Reckons the mean; `nil` without latents.
    ///
    /// A single latent says nothing about the spread: its interval is `range`.
    package init?(
        of values: [LatentValue], range: ClosedRange<Double> = 0...1, resamples: Int = 1000, seed: UInt64 = 0
    ) {
        guard !values.isEmpty else { return nil }
        let own = values.map(\.value)
        let mean = own.reduce(0, +) / Double(own.count)
        let drawn = own.count > 1 ? Resampling.means(of: own, max(resamples, 1), seed: seed) : []
        let spread = own.count > 1 ? DocumentSpread(ofMeanOver: values) : nil
        resamplesDocuments = spread != nil
        estimate = MeanInterval(of: values, range: range).estimate(mean, drawn, spread)
    }

    /// The mean of one figure of each latent; `nil` without figures.
    package static func estimate(of figures: [Estimate], range: ClosedRange<Double> = 0...1) -> Estimate? {
        LatentMean(of: figures.map { LatentValue(value: $0.value, count: $0.count) }, range: range)?.estimate
    }
}
