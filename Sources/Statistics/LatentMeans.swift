package import Elements

/// One latent's part in the means of a method.
package struct LatentValue: Sendable, Hashable {
    /// The score's value.
    package let value: Double
    /// Observations by class, if the method counts them.
    package let table: ConfusionTable?
    /// The number of observations.
    package let count: Int
    /// The share of tokens at which the latent fires; `nil` if it is not known.
    package let firingRate: Double?
    /// The value on resampled documents; `nil` if it is not known.
    package let replicates: ScoreReplicates?
    /// Whether one stopped asking for what it rests on because of what was answered.
    package var isStopped = false

    /// Makes a value.
    package init(
        value: Double, table: ConfusionTable? = nil, count: Int, firingRate: Double? = nil,
        replicates: ScoreReplicates? = nil
    ) {
        self.value = value
        self.table = table
        self.count = count
        self.firingRate = firingRate
        self.replicates = replicates
    }

    /// What a score says of its latent; `nil` if it has no value.
    package init?(_ score: Score) {
        guard let headline = score.headline else { return nil }
        var table: ConfusionTable?
        // Where the headline is an area, counts of verdicts are no part of it.
        if score.uncalibrated == nil, let found = score.details["true_positive_rate"],
            let passed = score.details["true_negative_rate"]
        {
            let positives = Int((found.value * Double(found.count)).rounded())
            let negatives = Int((passed.value * Double(passed.count)).rounded())
            table = ConfusionTable(
                truePositives: positives, falseNegatives: found.count - positives, trueNegatives: negatives,
                falsePositives: passed.count - negatives)
        }
        if let sequential = score.sequential {
            // What was asked depends on the answers, so it must not weigh: each latent counts with what could be asked.
            self.init(
                value: headline.value, table: nil, count: sequential.available,
                firingRate: score.details["firing_rate"]?.value)
            isStopped = true
            return
        }
        self.init(
            value: headline.value, table: table, count: headline.count,
            firingRate: score.details["firing_rate"]?.value, replicates: score.replicates)
    }
}

/// The means of a method over latents, each with a 95 % interval.
///
/// The intervals are percentile bootstraps over latents and documents: each resample draws whole latents, so that the spread
/// between latents and the error of each are in them, and is moved by what the documents that latents share make them
/// have in common (`DocumentSpread`), if all scores have replicates. Among stopped scores a few are far off, and resamples of few
/// latents show too little of that: less is left out on either side then, as much as Student's quantile asks for.
/// Source: T. C. Hesterberg, "What teachers should know about the bootstrap" (2015), expanded percentile intervals.
package struct LatentMeans: Sendable, Hashable {
    /// Every latent weighs the same.
    package let macro: Estimate
    /// Every observation weighs the same: the balanced accuracy of all verdicts together if the method counts them,
    /// else the mean weighted by the number of observations.
    package let micro: Estimate
    /// Every firing weighs the same; `nil` unless the firing rate of every latent is known and one fires.
    package let firingWeighted: Estimate?
    /// Whether documents are resampled too: where false, what latents share is not in the intervals.
    package let resamplesDocuments: Bool

    /// Reckons the means; `nil` without latents.
    ///
    /// A single latent says nothing about the spread: its intervals are `range`.
    package init?(
        of values: [LatentValue], range: ClosedRange<Double> = 0...1, resamples: Int = 1000, seed: UInt64 = 0
    ) {
        guard !values.isEmpty else { return nil }
        let sample = LatentSample(values)
        let all = sample.means
        let spreads =
            values.count > 1 ? Spreads(of: values, areTables: sample.tables != nil, weights: sample.weights) : nil
        resamplesDocuments = spreads != nil
        let drawn = values.count > 1 ? sample.resamples(max(resamples, 1), seed: seed) : []
        let interval = MeanInterval(of: values, range: range)
        macro = interval.estimate(all.macro, drawn.map(\.macro), spreads?.macro)
        micro = all.micro.map { interval.estimate($0, drawn.map(\.micro), spreads?.micro) } ?? macro
        firingWeighted = all.weighted.map { interval.estimate($0, drawn.map(\.weighted), spreads?.weighted) }
    }
}
