import Dispatch
import Foundation

/// Latents' values; a resample is one pass over them.
struct LatentSample: Sendable {
    /// Draws below which resamples are not shared out among cores.
    private static let fewDraws = 1 << 18

    /// The means of `LatentMeans`, each without its interval.
    struct Means: Sendable, Hashable {
        let macro: Double
        let micro: Double?
        let weighted: Double?
    }

    /// What a resample adds up of one latent, side by side, since a resample visits latents in no order.
    private struct Row: Sendable {
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

    /// The means of `count` resamples, each of as many latents as there are, drawn one after the other by one generator.
    ///
    /// Cores share them out; each begins where the generator would stand, so that nothing depends on their number.
    func resamples(_ count: Int, seed: UInt64) -> [Means] {
        let size = rows.count
        let parts =
            size == 0 || count < Self.fewDraws / size
            ? 1 : min(count, 4 * ProcessInfo.processInfo.activeProcessorCount)
        return [Means](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Each part writes to places of its own, and all have when the call is over.
            nonisolated(unsafe) let places = buffer
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                let range = part * count / parts..<(part + 1) * count / parts
                var generator = SeededGenerator(seed: seed)
                generator.skip(range.lowerBound * size)
                for number in range {
                    places.initializeElement(at: number, to: means { generator.next(below: size) })
                }
            }
            initialized = count
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
