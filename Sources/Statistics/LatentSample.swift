/// Latents' values; a resample is one pass over them.
struct LatentSample: Sendable {
    /// The means of `LatentMeans`, each without its interval.
    struct Means: Sendable, Hashable {
        let macro: Double
        let micro: Double?
        let weighted: Double?
    }

    /// What a resample adds up of one latent, in one line of a cache, since a resample visits latents in no order.
    ///
    /// Its value; the value times the firing rate, and the rate; then the four counts of its table, or the value times the number
    /// of observations, and that number. Sums of counts are exact: they stay far below 2⁵³.
    private typealias Row = SIMD8<Double>

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
            let counted =
                areTables
                ? SIMD4(
                    Double(tables[index].truePositives), Double(tables[index].falseNegatives),
                    Double(tables[index].trueNegatives), Double(tables[index].falsePositives))
                : SIMD4(value * count, count, 0, 0)
            return Row(lowHalf: SIMD4(value, value * weight, weight, 0), highHalf: counted)
        }
    }

    /// The means over every latent once.
    var means: Means { means(of: rows.reduce(Row()) { $0 + $1 }) }

    /// The means of `count` resamples, each of as many latents as there are, drawn one after the other by one generator.
    func resamples(_ count: Int, seed: UInt64) -> [Means] {
        let size = rows.count
        return Resampling.drawn(count, size: size, seed: seed) { generator in
            rows.withUnsafeBufferPointer { rows in
                var sum = Row()
                for _ in 0..<size { sum += rows[generator.next(below: size)] }
                return means(of: sum)
            }
        }
    }

    private func means(of sum: Row) -> Means {
        let (values, counted) = (sum.lowHalf, sum.highHalf)
        let micro: Double? =
            if tables == nil {
                counted[1] > 0 ? counted[0] / counted[1] : nil
            } else {
                BalancedAccuracy.value(found: counted[0], missed: counted[1], passed: counted[2], alarms: counted[3])
            }
        return Means(
            macro: values[0] / Double(rows.count), micro: micro, weighted: values[2] > 0 ? values[1] / values[2] : nil)
    }
}
