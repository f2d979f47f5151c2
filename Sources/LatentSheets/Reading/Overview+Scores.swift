import Elements
import Hashing
import Statistics

extension Overview.Scores {
    private static let bars = 20

    /// The scores in some rows, by score node and explain node.
    ///
    /// - Parameter controls: The names of coders with random directions.
    static func all(of rows: [LatentRow], controls: Set<String>) -> [Overview.Scores] {
        struct Key: Hashable { let node, explainedBy: String }
        struct Sum {
            var total = 0.0
            var count = 0
            var mean: Double? { count > 0 ? total / Double(count) : nil }

            mutating func add(_ value: Double) {
                total += value
                count += 1
            }
        }
        /// What is known of a group, without its scores: there may be millions.
        struct Group {
            let method: String
            let chance: Double?
            let isControl: Bool
            var values: [Double] = []
            var controls = Sum()
        }
        var groups: [Key: Group] = [:]
        var random: [String: Sum] = [:]
        for row in rows {
            for entry in row.scores {
                guard let value = entry.score.headline?.value else { continue }
                let key = Key(node: entry.node, explainedBy: entry.explainedBy)
                let isControl = controls.contains(row.coder)
                groups[
                    key, default: Group(method: entry.score.method, chance: entry.score.chance, isControl: isControl)
                ].values.append(value)
                if isControl { random[entry.score.method, default: Sum()].add(value) }
                if let control = entry.score.control?.value { groups[key]?.controls.add(control) }
            }
        }
        return groups.sorted { ($0.key.node, $0.key.explainedBy) < ($1.key.node, $1.key.explainedBy) }.compactMap {
            key, group in
            let values = group.values.sorted()
            guard let least = values.first, let largest = values.last else { return nil }
            return Overview.Scores(
                node: key.node, explainedBy: key.explainedBy, method: group.method, isControl: group.isControl,
                count: values.count, mean: group.values.reduce(0, +) / Double(values.count),
                median: Quantiles(values).median ?? 0, chance: group.chance,
                control: group.controls.mean,
                controlled: group.controls.count,
                randomCoder: group.isControl ? nil : random[group.method]?.mean,
                histogram: histogram(of: values, from: min(0, least), to: max(1, largest)))
        }
    }

    private static func histogram(of values: [Double], from least: Double, to largest: Double) -> [Overview.Bar] {
        let width = (largest - least) / Double(bars)
        var counts = [Int](repeating: 0, count: bars)
        // A value at the edge of a bar may come out a little below it.
        for value in values { counts[min(max(Int((value - least) / width + 1e-9), 0), bars - 1)] += 1 }
        return counts.enumerated().map { place, count in
            Overview.Bar(lower: least + width * Double(place), upper: least + width * Double(place + 1), count: count)
        }
    }
}
