package import Store

/// Which latents a list shows, and in which order.
package struct LatentQuery: Sendable, Hashable {
    /// By what latents are put in order.
    package enum Order: String, Sendable, Hashable, CaseIterable {
        /// By coder and number.
        case latent
        /// By score, those without one last.
        case score
        /// By how often they fire.
        case density
        /// By their largest activation.
        case maximum
        /// By how near labels are to what is meant, the nearest first.
        case meaning
        /// What needs to be looked at first: what failed, then what is stale, then what scores worst.
        case attention
    }

    /// The coder; `nil` for all.
    package var coder: String?
    /// Words that labels or the number must hold, all of them, whatever their case; empty for any.
    package var words = ""
    /// What labels should mean, in whatever words; `nil` if that is not asked.
    package var meaning: String?
    /// The latents, if only these are meant; empty for any.
    package var keys: Set<LatentKey> = []
    /// The states; empty for any.
    package var states: Set<LatentState> = []
    /// The score node or method whose scores are meant; `nil` for the first that a latent has.
    package var scorer: String?
    /// The least score.
    package var leastScore: Double?
    /// The largest score.
    package var mostScore: Double?
    /// The largest share of tokens at which a latent fires.
    package var mostDensity: Double?
    /// The order.
    package var order = Order.latent
    /// Whether the order is turned round; what has no value stays last.
    package var isDescending = false
    /// How many are passed over.
    package var offset = 0
    /// The most that are shown.
    package var limit = 100

    /// All latents, in order.
    package init() {}

    /// What a list shows of an index.
    package struct Found: Sendable {
        /// The latents shown.
        package let rows: [LatentRow]
        /// All that are found.
        package let count: Int
        /// All that there are.
        package let total: Int
    }

    /// The latents of an index that are found.
    ///
    /// - Parameter likeness: How near a label is to what is meant, by its text.
    package func found(in index: LatentIndex, likeness: [String: Double] = [:]) -> Found {
        found(among: index.rows, likeness: likeness)
    }

    /// Those of some latents that are found.
    package func found(among rows: [LatentRow], likeness: [String: Double] = [:]) -> Found {
        let (all, kept) = kept(of: rows)
        let page = sorted(kept, likeness).dropFirst(max(offset, 0)).prefix(max(limit, 0))
        return Found(rows: Array(page), count: kept.count, total: all.count)
    }

    /// Each label once of the latents that are found, whatever it means.
    package func labels(in index: LatentIndex) -> [String] {
        Set(kept(of: index.rows).kept.flatMap { $0.labels.map(\.text) }).subtracting([""]).sorted()
    }

    /// The latents that are meant at all, and those of them that are found.
    private func kept(of rows: [LatentRow]) -> (all: [LatentRow], kept: [LatentRow]) {
        let wanted = words.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        let all = rows.filter { coder == nil || $0.coder == coder }
        return (all, all.filter { matches($0, wanted) })
    }

    private func matches(_ row: LatentRow, _ wanted: [String]) -> Bool {
        guard keys.isEmpty || keys.contains(row.key) else { return false }
        guard states.isEmpty || states.contains(row.state) else { return false }
        if let mostDensity, row.density ?? 0 > mostDensity { return false }
        if leastScore != nil || mostScore != nil {
            guard let value = row.score(by: scorer)?.headline?.value else { return false }
            if let leastScore, value < leastScore { return false }
            if let mostScore, value > mostScore { return false }
        }
        guard !wanted.isEmpty else { return true }
        let text = (row.labels.map(\.text) + [row.name]).joined(separator: "\n").lowercased()
        return wanted.allSatisfy(text.contains)
    }

    private func sorted(_ rows: [LatentRow], _ likeness: [String: Double]) -> [LatentRow] {
        switch order {
        case .latent: isDescending ? rows.reversed() : rows
        case .score: sorted(rows) { $0.score(by: scorer)?.headline?.value }
        case .density: sorted(rows, by: \.density)
        case .maximum: sorted(rows, by: \.maximum)
        case .meaning: sorted(rows) { row in row.labels.compactMap { likeness[$0.text] }.max().map { 1 - $0 } }
        case .attention: sorted(rows) { Self.need(of: $0, scorer) }
        }
    }

    /// Sorts by a value, keeping the order of those that have the same; those without one come last.
    private func sorted(_ rows: [LatentRow], by value: (LatentRow) -> Double?) -> [LatentRow] {
        let valued = rows.enumerated().compactMap { place, row in value(row).map { (place, $0, row) } }
        let ordered = valued.sorted {
            $0.1 == $1.1 ? $0.0 < $1.0 : isDescending ? $0.1 > $1.1 : $0.1 < $1.1
        }
        return ordered.map(\.2) + rows.filter { value($0) == nil }
    }

    /// What fails comes before everything, then what is stale, then what scores low by the upper end of its interval.
    static func need(of row: LatentRow, _ scorer: String?) -> Double? {
        if row.state == .failed { return -.infinity }
        if row.state == .stale { return -.greatestFiniteMagnitude }
        return row.score(by: scorer)?.headline?.upper
    }
}
