/// Latents' values; a resample is one pass over them.
struct LatentSample {
    /// The means of `LatentMeans`, each without its interval.
    struct Means {
        let macro: Double
        let micro: Double?
        let weighted: Double?
    }

    let values: [LatentValue]
    /// `[latents]`: their observations by class; `nil` unless those of every latent are known.
    let tables: [ConfusionTable]?
    /// `[latents]`: their firing rates; `nil` unless that of every latent is known and one fires.
    let weights: [Double]?

    init(_ values: [LatentValue]) {
        self.values = values
        let tables = values.compactMap(\.table)
        self.tables = tables.count == values.count ? tables : nil
        let rates = values.compactMap(\.firingRate)
        weights = rates.count == values.count && rates.contains { $0 > 0 } ? rates : nil
    }

    /// The means over every latent once.
    var means: Means {
        var next = 0
        return means {
            defer { next += 1 }
            return next
        }
    }

    /// The means over as many latents as there are, each the one whose number `draw` gives.
    func means(_ draw: () -> Int) -> Means {
        var (sum, observed, observations) = (0.0, 0.0, 0.0)
        var (weighted, weight) = (0.0, 0.0)
        var table = ConfusionTable()
        for _ in values.indices {
            let index = draw()
            let value = values[index]
            sum += value.value
            if let tables {
                table.add(tables[index])
            } else {
                observed += value.value * Double(value.count)
                observations += Double(value.count)
            }
            if let weights {
                weighted += value.value * weights[index]
                weight += weights[index]
            }
        }
        let micro =
            tables == nil
            ? (observations > 0 ? observed / observations : nil)
            : BalancedAccuracy.value(of: table)
        return Means(
            macro: sum / Double(values.count), micro: micro, weighted: weight > 0 ? weighted / weight : nil)
    }
}
