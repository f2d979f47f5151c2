import LatentSheets
import Store

/// What a query finds among rows, by looking at each row and sorting all of them.
struct NaiveQuery {
    let query: LatentQuery
    var likeness: [String: Double] = [:]

    func found(among rows: [LatentRow]) -> (rows: [LatentRow], count: Int, total: Int) {
        let all = rows.filter { query.coder == nil || $0.coder == query.coder }
        let kept = all.filter(matches)
        let page = sorted(kept).dropFirst(query.offset).prefix(query.limit)
        return (Array(page), kept.count, all.count)
    }

    private func matches(_ row: LatentRow) -> Bool {
        guard query.keys.isEmpty || query.keys.contains(row.key) else { return false }
        guard query.states.isEmpty || query.states.contains(row.state) else { return false }
        if let most = query.mostDensity, row.density ?? 0 > most { return false }
        if query.leastScore != nil || query.mostScore != nil {
            guard let value = row.score(by: query.scorer)?.headline?.value else { return false }
            if let least = query.leastScore, value < least { return false }
            if let most = query.mostScore, value > most { return false }
        }
        let text = (row.labels.map(\.text) + [row.name]).joined(separator: "\n").lowercased()
        return query.words.lowercased().split(whereSeparator: \.isWhitespace).allSatisfy { text.contains($0) }
    }

    private func sorted(_ rows: [LatentRow]) -> [LatentRow] {
        switch query.order {
        case .latent: query.isDescending ? rows.reversed() : rows
        case .score: sorted(rows) { $0.score(by: query.scorer)?.headline?.value }
        case .density: sorted(rows, by: \.density)
        case .maximum: sorted(rows, by: \.maximum)
        case .meaning: sorted(rows) { row in row.labels.compactMap { likeness[$0.text] }.max().map { 1 - $0 } }
        case .attention: sorted(rows, by: need)
        }
    }

    private func need(of row: LatentRow) -> Double? {
        if row.state == .failed { return -.infinity }
        if row.state == .stale { return -.greatestFiniteMagnitude }
        return row.score(by: query.scorer)?.headline?.upper
    }

    private func sorted(_ rows: [LatentRow], by value: (LatentRow) -> Double?) -> [LatentRow] {
        let valued = rows.enumerated().compactMap { place, row in value(row).map { (place, $0, row) } }
        let ordered = valued.sorted {
            $0.1 == $1.1 ? $0.0 < $1.0 : query.isDescending ? $0.1 > $1.1 : $0.1 < $1.1
        }
        return ordered.map(\.2) + rows.filter { value($0) == nil }
    }
}
