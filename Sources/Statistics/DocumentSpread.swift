import Elements

/// How much a mean over latents moves, beyond what resampling latents shows, because latents share documents.
///
/// Drawing latents accounts for the spread between them and for each one's own error; drawing documents shows each one's
/// own error again and, besides, how those of different latents go together. The last alone is to be added: the variance
/// over both is that over latents plus that over documents less that over both at once.
/// Source: A. C. Cameron, J. B. Gelbach and D. L. Miller, "Robust inference with multiway clustering" (2011).
struct DocumentSpread: Sendable {
    /// Takes in latent after latent, so that what they contribute is never held for all at once.
    struct Sum {
        private var sums = [Double](repeating: 0, count: ScoreReplicates.count)
        private var alone = 0.0

        /// Adds one latent.
        ///
        /// - Parameter contribution: `[ScoreReplicates.count]`, what it adds to the mean in each replicate.
        mutating func add(_ contribution: [Double]) {
            guard contribution.count == sums.count else { return }
            let mean = contribution.reduce(0, +) / Double(ScoreReplicates.count)
            for (index, value) in contribution.enumerated() {
                sums[index] += value - mean
                alone += (value - mean) * (value - mean)
            }
        }

        /// What the latents have in common.
        var spread: DocumentSpread {
            let together = sums.reduce(0) { $0 + $1 * $1 }
            let share = together > 0 ? max(0, 1 - alone / together).squareRoot() : 0
            return DocumentSpread(deviations: sums.map { $0 * share })
        }
    }

    /// `[ScoreReplicates.count]`: deviations of the mean whose variance is what latents have in common.
    let deviations: [Double]

    func deviation(at resample: Int) -> Double { deviations[resample % deviations.count] }
}

extension ScoreReplicates {
    /// `[part][ScoreReplicates.count]`: each part, its own value standing in for a replicate that has none.
    func parts(or values: [Double]) -> [[Double]] {
        zip(parts, values).map { part, value in part.map { $0 ?? value } }
    }
}

extension LatentMeans {
    /// What each mean owes to documents; `nil` unless every latent's replicates are known.
    struct Spreads {
        var macro: DocumentSpread
        var micro: DocumentSpread
        var weighted: DocumentSpread?

        init?(of values: [LatentValue], areTables: Bool, weights: [Double]?) {
            let replicates = values.compactMap(\.replicates)
            guard replicates.count == values.count else { return nil }
            var (macro, micro, weighted) = (DocumentSpread.Sum(), DocumentSpread.Sum(), DocumentSpread.Sum())
            let tables = areTables ? values.compactMap(\.table) : []
            let positives = Double(tables.reduce(0) { $0 + $1.positives })
            let negatives = Double(tables.reduce(0) { $0 + $1.negatives })
            let observations = Double(values.reduce(0) { $0 + $1.count })
            let weight = weights?.reduce(0, +) ?? 0
            for (index, (value, replicate)) in zip(values, replicates).enumerated() {
                let own = value.table?.rates ?? [value.value, value.value]
                let parts = replicate.parts(or: replicate.parts.count == 1 ? [value.value] : own)
                let means = parts.count == 2 ? zip(parts[0], parts[1]).map { ($0 + $1) / 2 } : parts[0]
                macro.add(means.map { $0 / Double(values.count) })
                if areTables, parts.count == 2 {
                    let (p, n) = (Double(tables[index].positives), Double(tables[index].negatives))
                    micro.add(zip(parts[0], parts[1]).map { ($0 * p / positives + $1 * n / negatives) / 2 })
                } else {
                    micro.add(means.map { $0 * Double(value.count) / max(observations, 1) })
                }
                if let weights, weight > 0 { weighted.add(means.map { $0 * weights[index] / weight }) }
            }
            self.macro = macro.spread
            self.micro = micro.spread
            self.weighted = weights != nil && weight > 0 ? weighted.spread : nil
        }
    }
}

extension ConfusionTable {
    /// The true-positive and the true-negative rate; 0.5 for a class without observations.
    fileprivate var rates: [Double] {
        [
            positives > 0 ? Double(truePositives) / Double(positives) : 0.5,
            negatives > 0 ? Double(trueNegatives) / Double(negatives) : 0.5,
        ]
    }
}
