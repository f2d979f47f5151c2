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
        private var own = [Double](repeating: 0, count: ScoreReplicates.count)
        private var alone = 0.0

        /// Adds one latent.
        ///
        /// - Parameter contribution: What it adds to the mean in a replicate, by number below `ScoreReplicates.count`.
        @inline(__always) mutating func add(_ contribution: (Int) -> Double) {
            sums.withUnsafeMutableBufferPointer { sums in
                own.withUnsafeMutableBufferPointer { own in
                    var total = 0.0
                    for index in sums.indices {
                        own[index] = contribution(index)
                        total += own[index]
                    }
                    let mean = total / Double(ScoreReplicates.count)
                    for index in sums.indices {
                        let deviation = own[index] - mean
                        sums[index] += deviation
                        alone += deviation * deviation
                    }
                }
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

extension LatentMeans {
    /// What each mean owes to documents; `nil` unless every latent's replicates are known.
    struct Spreads {
        var macro: DocumentSpread
        var micro: DocumentSpread
        var weighted: DocumentSpread?

        init?(of values: [LatentValue], areTables: Bool, weights: [Double]?) {
            guard values.allSatisfy({ $0.replicates != nil }) else { return nil }
            var (macro, micro, weighted) = (DocumentSpread.Sum(), DocumentSpread.Sum(), DocumentSpread.Sum())
            let tables = areTables ? values.compactMap(\.table) : []
            let positives = Double(tables.reduce(0) { $0 + $1.positives })
            let negatives = Double(tables.reduce(0) { $0 + $1.negatives })
            let observations = Double(values.reduce(0) { $0 + $1.count })
            let weight = weights?.reduce(0, +) ?? 0
            let count = Double(values.count)
            var parts = ReplicateParts()
            for (index, value) in values.enumerated() {
                parts.read(value)
                macro.add { parts.means[$0] / count }
                if areTables, parts.areTwo {
                    let (p, n) = (Double(tables[index].positives), Double(tables[index].negatives))
                    micro.add { (parts.first[$0] * p / positives + parts.second[$0] * n / negatives) / 2 }
                } else {
                    let observed = Double(value.count)
                    micro.add { parts.means[$0] * observed / max(observations, 1) }
                }
                if let weights, weight > 0 {
                    let own = weights[index]
                    weighted.add { parts.means[$0] * own / weight }
                }
            }
            self.macro = macro.spread
            self.micro = micro.spread
            self.weighted = weights != nil && weight > 0 ? weighted.spread : nil
        }
    }
}

extension DocumentSpread {
    /// What the mean over latents owes to documents; `nil` unless every latent's replicates are known.
    init?(ofMeanOver values: [LatentValue]) {
        guard values.allSatisfy({ $0.replicates != nil }) else { return nil }
        let count = Double(values.count)
        var (sum, parts) = (Sum(), ReplicateParts())
        for value in values {
            parts.read(value)
            sum.add { parts.means[$0] / count }
        }
        self = sum.spread
    }
}

/// The replicates of one latent after the other, in places that are used again.
private struct ReplicateParts {
    /// `[ScoreReplicates.count]` each: the parts, and their mean; a value's own where a replicate has none.
    private(set) var first = [Double](repeating: 0, count: ScoreReplicates.count)
    private(set) var second = [Double](repeating: 0, count: ScoreReplicates.count)
    private(set) var means = [Double](repeating: 0, count: ScoreReplicates.count)
    /// Whether there is a second part.
    private(set) var areTwo = false

    /// Reads a latent's replicates, which are known.
    mutating func read(_ value: LatentValue) {
        guard let replicates = value.replicates else { return }
        areTwo = replicates.partCount == 2
        guard areTwo else {
            replicates.read(part: 0, or: value.value, into: &first)
            means = first
            return
        }
        let own = value.table?.rates ?? [value.value, value.value]
        replicates.read(part: 0, or: own[0], into: &first)
        replicates.read(part: 1, or: own[1], into: &second)
        for index in means.indices { means[index] = (first[index] + second[index]) / 2 }
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
