/// Terms of any token of a window, whether or not a latent fires at it: what a first set can be narrowed by.
struct LexicalContext {
    private let trial: LexicalTrial
    /// Places in the index's `contextTerms` of each window that is not in the pool.
    private let outside: [[Int32]]

    init(of trial: LexicalTrial) {
        self.trial = trial
        outside = trial.outsideTerms.map { terms in
            terms.map { trial.index.contextPlaces[Int($0)] }.filter { $0 >= 0 }
        }
    }

    /// The terms that tell best if only the windows of `mask` count, at most `limit` of either kind.
    ///
    /// `asked` are for what a window must contain. `banned` are for what it must not: there a window in which the
    /// latent is silent is good to find, and one in which it fires wrong.
    func candidates(within mask: [Bool], limit: Int) -> (asked: LexicalCandidates, banned: LexicalCandidates) {
        let terms = trial.index.contextTerms
        var found = [Int32](repeating: 0, count: terms.count)
        var wrong = found
        for window in mask.indices where mask[window] {
            let places = places(of: window)
            if trial.isPositive[window] {
                for place in places { found[Int(place)] += 1 }
            } else {
                for place in places { wrong[Int(place)] += 1 }
            }
        }
        let positives = Double(trial.positiveCount)
        let negatives = Double(trial.negativeCount)
        var valued: [(value: Double, term: Int32)] = []
        for (place, term) in terms.enumerated() where found[place] > 0 || wrong[place] > 0 {
            valued.append((Double(found[place]) / positives - Double(wrong[place]) / negatives, term))
        }
        let asked = valued.filter { $0.value > Self.least }.sorted { ($1.value, $0.term) < ($0.value, $1.term) }
        let banned = valued.filter { $0.value < -Self.least }.sorted { ($0.value, $0.term) < ($1.value, $1.term) }
        return (
            candidates(asked.prefix(limit).map(\.term), within: mask, isNegated: false),
            candidates(banned.prefix(limit).map(\.term), within: mask, isNegated: true)
        )
    }

    /// What tells less than this by itself is not worth trying.
    private static let least = 0.004

    private func candidates(_ chosen: [Int32], within mask: [Bool], isNegated: Bool) -> LexicalCandidates {
        var outside: [Int32: [Int32]] = [:]
        let wanted = Set(chosen)
        for (offset, terms) in trial.outsideTerms.enumerated() where mask[trial.index.windowCount + offset] {
            for term in terms where wanted.contains(term) {
                outside[term, default: []].append(Int32(clamping: trial.index.windowCount + offset))
            }
        }
        let rows = chosen.map { term in
            (trial.index.termWindows[Int(term)].filter { mask[Int($0)] } + (outside[term] ?? []))[...]
        }
        return LexicalCandidates(
            isPositive: isNegated ? trial.isPositive.map { !$0 } : trial.isPositive, terms: chosen, pairs: [],
            windows: CompressedRows(rows),
            positiveCount: isNegated ? trial.negativeCount : trial.positiveCount,
            negativeCount: isNegated ? trial.positiveCount : trial.negativeCount)
    }

    private func places(of window: Int) -> ArraySlice<Int32> {
        window < trial.index.windowCount
            ? trial.index.windowContexts[window] : outside[window - trial.index.windowCount][...]
    }
}
