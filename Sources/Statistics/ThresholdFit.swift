/// The log-odds from which on a judge's leaning to yes is taken for yes, fitted on answers whose truth is known.
///
/// Of each explanation the midpoint between the mean log-odds of its positives and of its negatives is known with some error;
/// between classes of equal spread it is where the balanced accuracy is largest. An explanation's threshold is its own midpoint
/// drawn towards the mean of all, the more the less midpoints differ beyond their errors: a judge that leans the same way
/// whatever it is told has one threshold, and one that leans differently for each explanation has one for each.
/// Sources: R. A. Fisher (1936) for the midpoint; B. Efron and C. Morris, "Data analysis using Stein's estimator" (1975), with
/// R. DerSimonian and N. Laird (1986) for the variance between.
package struct ThresholdFit: Sendable, Hashable {
    /// The log-odds of yes about windows of one explanation.
    package struct Sample: Sendable, Hashable {
        package let positives: [Double]
        package let negatives: [Double]

        package init(positives: [Double], negatives: [Double]) {
            self.positives = positives
            self.negatives = negatives
        }

        fileprivate var isUsable: Bool { !positives.isEmpty && !negatives.isEmpty }
        fileprivate var midpoint: Double { (mean(positives) + mean(negatives)) / 2 }
        /// By how many times the variance within a class the midpoint varies.
        fileprivate var share: Double { (1 / Double(positives.count) + 1 / Double(negatives.count)) / 4 }
    }

    /// The threshold of an explanation of which nothing else is known.
    package let common: Double
    /// The explanations that it rests on.
    package let explanations: Int
    /// The answers that it rests on.
    package let answers: Int
    /// The variance of true midpoints between explanations.
    package let between: Double
    /// The variance of answers within a class of an explanation.
    package let within: Double

    /// Fits on samples of both classes and leaves out others; `nil` without any.
    package init?(_ samples: [Sample]) {
        let samples = samples.filter(\.isUsable)
        guard !samples.isEmpty else { return nil }
        explanations = samples.count
        answers = samples.reduce(0) { $0 + $1.positives.count + $1.negatives.count }
        let squares = samples.reduce(0) { $0 + squaredDistances($1.positives) + squaredDistances($1.negatives) }
        let within = squares / Double(max(1, answers - 2 * samples.count))
        self.within = within
        let midpoints = samples.map(\.midpoint)
        let between: Double
        if samples.count > 1 {
            let own = samples.reduce(0) { $0 + $1.share * within } / Double(samples.count)
            between = max(0, squaredDistances(midpoints) / Double(samples.count - 1) - own)
        } else {
            between = 0
        }
        self.between = between
        let weights = samples.map { 1 / max(between + $0.share * within, 1e-12) }
        common = zip(weights, midpoints).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    }

    /// The threshold of an explanation with these answers of its own.
    package func threshold(of sample: Sample) -> Double {
        guard sample.isUsable, between > 0 else { return common }
        let weight = between / (between + sample.share * within)
        return weight * sample.midpoint + (1 - weight) * common
    }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

/// The sum of squared distances to the mean.
private func squaredDistances(_ values: [Double]) -> Double {
    let middle = mean(values)
    return values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
}
