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
        var groups: [Key: [(coder: String, score: SheetScore)]] = [:]
        for row in rows {
            for entry in row.scores where entry.score.headline != nil {
                groups[Key(node: entry.node, explainedBy: entry.explainedBy), default: []].append(
                    (row.coder, entry.score))
            }
        }
        let random = Dictionary(
            grouping: groups.values.joined().filter { controls.contains($0.coder) }, by: \.score.method
        ).mapValues { entries in
            let values = entries.compactMap(\.score.headline?.value)
            return values.reduce(0, +) / Double(max(values.count, 1))
        }
        return groups.sorted { ($0.key.node, $0.key.explainedBy) < ($1.key.node, $1.key.explainedBy) }.compactMap {
            key, entries in
            let values = entries.compactMap(\.score.headline?.value).sorted()
            guard let first = entries.first, let least = values.first, let largest = values.last else { return nil }
            let controlled = entries.compactMap(\.score.control?.value)
            let count = Double(values.count)
            return Overview.Scores(
                node: key.node, explainedBy: key.explainedBy, method: first.score.method,
                isControl: controls.contains(first.coder), count: values.count,
                mean: values.reduce(0, +) / count,
                median: Quantiles(values).median ?? 0,
                chance: first.score.chance,
                control: controlled.isEmpty ? nil : controlled.reduce(0, +) / Double(controlled.count),
                controlled: controlled.count,
                randomCoder: controls.contains(first.coder) ? nil : random[first.score.method],
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
