import Elements

/// The windows on which one latent's terms are tried, and the terms worth trying.
struct LexicalCandidates: Sendable {
    /// `[windows]`: whether the latent fires; the pool's windows first, then train examples that are not in the pool.
    let isPositive: [Bool]
    /// The terms, best by themselves first.
    let terms: [Int32]
    /// Windows of each term.
    let windows: CompressedRows

    /// The number of windows in which the latent fires.
    let positiveCount: Int
    /// The number of windows in which it is silent.
    var negativeCount: Int { isPositive.count - positiveCount }

    /// Takes the terms of tokens at which the latent was seen to fire, at most `limit`, that tell better than chance.
    init(of evidence: LatentEvidence, index: LexicalIndex, limit: Int, scratch: inout TermScratch) {
        var isPositive = [Bool](repeating: false, count: index.windowCount)
        for number in index.latentWindows[evidence.latent] { isPositive[Int(number)] = true }
        var outside: [Example] = []
        for example in evidence.train {
            if let number = index.numbers[example.window.identity] {
                isPositive[number] = true
            } else {
                outside.append(example)
            }
        }
        isPositive.append(contentsOf: repeatElement(true, count: outside.count))
        let active = evidence.train.flatMap { example in
            zip(example.window.tokens, example.activations).filter { $0.1 > 0 }.map(\.0)
        }
        let activeTerms = scratch.distinctTerms(of: active, in: index.vocabulary)
        var outsideWindows: [Int32: [Int32]] = [:]
        let wanted = Set(activeTerms)
        for (offset, example) in outside.enumerated() {
            for term in scratch.distinctTerms(of: example.window.tokens, in: index.vocabulary)
            where wanted.contains(term) {
                outsideWindows[term, default: []].append(Int32(clamping: index.windowCount + offset))
            }
        }
        let positives = isPositive.count(where: \.self)
        let negatives = isPositive.count - positives
        let valued = activeTerms.compactMap { term -> (value: Double, term: Int32)? in
            let windows = index.termWindows[Int(term)]
            var found = 0
            for window in windows where isPositive[Int(window)] { found += 1 }
            let wrong = windows.count - found
            found += outsideWindows[term]?.count ?? 0
            guard positives > 0, negatives > 0 else { return nil }
            let value = Double(found) / Double(positives) - Double(wrong) / Double(negatives)
            return value > 0 ? (value, term) : nil
        }
        let best = valued.sorted { ($1.value, $0.term) < ($0.value, $1.term) }.prefix(limit)
        terms = best.map(\.term)
        windows = CompressedRows(best.map { index.termWindows[Int($0.term)] + (outsideWindows[$0.term] ?? []) })
        self.isPositive = isPositive
        positiveCount = positives
    }
}
