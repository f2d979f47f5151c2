package import Elements

/// A window's tokens with what was predicted and what is true.
package struct CorrelatedWindow: Sendable {
    package let pairs: [(predicted: Double, truth: Double)]
    package let isPositive: Bool
    package let block: Int?
    /// 32 bits of the hash of the window's document; `nil` if it is not known.
    let document: UInt32?
    /// The weight of each of its tokens.
    let weight: Int

    /// Takes the tokens that have a prediction; both lists are `[tokens]`.
    package init(
        predicted: [Double?], truth: [Double], isPositive: Bool, block: Int? = nil, document: UInt32? = nil,
        weight: Int = 1
    ) {
        pairs = zip(predicted, truth).compactMap { predicted, truth in predicted.map { ($0, truth) } }
        self.isPositive = isPositive
        self.block = block
        self.document = document
        self.weight = weight
    }
}

/// Pearson's correlation over the tokens of windows one after the other, with a percentile bootstrap over windows.
///
/// The tokens of one window are not independent, so whole windows are drawn, evenly and with replacement within their class, and
/// keep their weights. A resample adds up six sums of each window and so costs no pass over tokens.
/// Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), sections 8.3 and 13.3.
package struct ClusteredCorrelation: Sendable {
    private struct Sums {
        var (count, x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

        static func += (left: inout Sums, right: Sums) { left.add(right, times: 1) }

        mutating func add(_ other: Sums, times weight: Double) {
            count += weight * other.count
            x += weight * other.x
            y += weight * other.y
            xx += weight * other.xx
            yy += weight * other.yy
            xy += weight * other.xy
        }

        /// The correlation; `nil` if a side is constant, as far as rounding lets one tell.
        var correlation: Double? {
            guard count > 1 else { return nil }
            let (varianceX, varianceY) = (xx - x * x / count, yy - y * y / count)
            guard varianceX > 1e-12 * xx, varianceY > 1e-12 * yy else { return nil }
            let value = (xy - x * y / count) / (varianceX.squareRoot() * varianceY.squareRoot())
            return value.isFinite ? min(1, max(-1, value)) : nil
        }
    }

    /// By class: the sums of each window.
    private let strata: [[Sums]]
    /// `[class][window]`: their documents.
    private let documents: [[UInt32?]]
    private let count: Int
    private let value: Double?

    /// Takes the windows; one without a prediction counts for nothing.
    package init(_ windows: [CorrelatedWindow]) {
        let pairs = windows.flatMap(\.pairs)
        let predicted = pairs.map(\.predicted)
        let truth = pairs.map(\.truth)
        count = pairs.count
        let meanX = predicted.reduce(0, +) / Double(max(count, 1))
        let meanY = truth.reduce(0, +) / Double(max(count, 1))
        // Values that differ by rounding alone would correlate at random.
        func isConstant(_ values: [Double]) -> Bool { (values.max() ?? 0) - (values.min() ?? 0) < 1e-9 }
        let classes = [true, false].map { isPositive in
            windows.filter { $0.isPositive == isPositive && !$0.pairs.isEmpty }
        }.filter { !$0.isEmpty }
        documents = classes.map { $0.map(\.document) }
        let strata = classes.map { windows in
            windows.map { window in
                window.pairs.reduce(into: Sums()) { sums, pair in
                    // About the common means, so that no digits are lost.
                    let (x, y) = (pair.predicted - meanX, pair.truth - meanY)
                    let w = Double(window.weight)
                    sums += Sums(count: w, x: w * x, y: w * y, xx: w * x * x, yy: w * y * y, xy: w * x * y)
                }
            }
        }
        self.strata = strata
        if isConstant(predicted) || isConstant(truth) {
            value = nil
        } else if windows.contains(where: { $0.weight != 1 }) {
            value = strata.joined().reduce(into: Sums()) { $0 += $1 }.correlation
        } else {
            value = Correlation.pearson(predicted, truth)
        }
    }

    /// The correlation on resampled documents; `nil` if a document is not known.
    package var replicates: ScoreReplicates? {
        var totals = [Sums](repeating: Sums(), count: ScoreReplicates.count)
        var weights = DocumentWeights()
        for (document, sums) in zip(documents.joined(), strata.joined()) {
            guard let document else { return nil }
            for (replicate, weight) in weights.weights(of: document).enumerated() where weight > 0 {
                totals[replicate].add(sums, times: Double(weight))
            }
        }
        return ScoreReplicates(parts: [totals.map(\.correlation)])
    }

    /// The correlation with its 95 % interval; `nil` if the predictions or the true values are all the same.
    ///
    /// A class with a single window says nothing about its spread: the interval is then all of `-1...1`. Where every resample
    /// gives the same value, as after a perfect prediction, it reaches as far as Wilson's does, on a scale of that length, for
    /// as many successes in a row as there are windows.
    package func estimate(resamples: Int, seed: UInt64) -> Estimate? {
        guard let value else { return nil }
        guard strata.allSatisfy({ $0.count >= 2 }) else {
            return Estimate(value: value, lower: -1, upper: 1, count: count)
        }
        var generator = SeededGenerator(seed: seed)
        let values = (0..<max(resamples, 1)).compactMap { _ in
            var sums = Sums()
            for windows in strata {
                for _ in windows { sums += windows[generator.next(below: windows.count)] }
            }
            return sums.correlation
        }
        var (lower, upper) = Quantiles(values).interval(of: value, in: -1...1)
        if upper - lower < 1e-9 {
            let windows = strata.reduce(0) { $0 + $1.count }
            let reach = 2 * (1 - (Wilson.interval(successes: windows, of: windows)?.lower ?? 0))
            (lower, upper) = (max(-1, value - reach), min(1, value + reach))
        }
        return Estimate(value: value, lower: lower, upper: upper, count: count)
    }
}
