/// How two lists of numbers go together.
package enum Correlation {
    /// Pearson's correlation; `nil` for fewer than two pairs, or if one of the lists is constant.
    package static func pearson(_ a: [Double], _ b: [Double]) -> Double? {
        let count = min(a.count, b.count)
        guard count > 1 else { return nil }
        let meanA = a.prefix(count).reduce(0, +) / Double(count)
        let meanB = b.prefix(count).reduce(0, +) / Double(count)
        var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            products += (x - meanA) * (y - meanB)
            squaresA += (x - meanA) * (x - meanA)
            squaresB += (y - meanB) * (y - meanB)
        }
        let scale = squaresA.squareRoot() * squaresB.squareRoot()
        guard scale > 0, scale.isFinite, products.isFinite else { return nil }
        return min(1, max(-1, products / scale))
    }

    /// Spearman's correlation: Pearson's of the ranks, ties having the mean of theirs; `nil` as there.
    package static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
        let count = min(a.count, b.count)
        return pearson(ranks(Array(a.prefix(count))), ranks(Array(b.prefix(count))))
    }

    /// `[values]`: ranks from 1 on, ties having the mean of theirs.
    static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for index in order[start..<end] { ranks[index] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}
