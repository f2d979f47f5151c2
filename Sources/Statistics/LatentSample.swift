/// Latents' values; a resample is one pass over them.
struct LatentSample {
    /// The means of `LatentMeans`, each without its interval.
    struct Means {
        let macro: Double
        let micro: Double?
        let weighted: Double?
    }

    /// What a resample adds up of one latent, side by side, since a resample visits latents in no order.
    private struct Row {
        let value: Double
        let observed: Double
        let observations: Double
        let weighted: Double
        let weight: Double
        let table: ConfusionTable
    }

    /// `[latents]`: their observations by class; `nil` unless those of every latent are known.
    let tables: [ConfusionTable]?
    /// `[latents]`: their firing rates; `nil` unless that of every latent is known and one fires.
    let weights: [Double]?
    private let rows: [Row]

    init(_ values: [LatentValue]) {
        let tables = values.compactMap(\.table)
        let areTables = tables.count == values.count
        self.tables = areTables ? tables : nil
        let rates = values.compactMap(\.firingRate)
        let areRates = rates.count == values.count && rates.contains { $0 > 0 }
        weights = areRates ? rates : nil
        rows = values.indices.map { index in
            let (value, count) = (values[index].value, Double(values[index].count))
            let weight = areRates ? rates[index] : 0
            return Row(
                value: value, observed: value * count, observations: count, weighted: value * weight, weight: weight,
                table: areTables ? tables[index] : ConfusionTable())
        }
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
        rows.withUnsafeBufferPointer { rows in
            var (sum, observed, observations) = (0.0, 0.0, 0.0)
            var (weighted, weight) = (0.0, 0.0)
            var table = ConfusionTable()
            for _ in rows.indices {
                let row = rows[draw()]
                sum += row.value
                observed += row.observed
                observations += row.observations
                weighted += row.weighted
                weight += row.weight
                table.add(row.table)
            }
            let micro =
                tables == nil
                ? (observations > 0 ? observed / observations : nil)
                : BalancedAccuracy.value(of: table)
            return Means(
                macro: sum / Double(rows.count), micro: micro, weighted: weight > 0 ? weighted / weight : nil)
        }
    }
}
