import Elements

/// The windows on which one latent's terms are tried, and the terms worth trying.
struct LexicalCandidates: Sendable {
    /// `[windows]`: whether the latent fires; the pool's windows first, then train examples that are not in the pool.
    let isPositive: [Bool]
    /// The terms, best by themselves first; from the vocabulary's number of terms on, places in `pairs`.
    let terms: [Int32]
    /// Pairs of neighbouring terms among the terms.
    let pairs: [LexicalPair]
    /// Windows of each term.
    let windows: CompressedRows

    /// The number of windows in which the latent fires.
    let positiveCount: Int
    /// The number of windows in which it is silent.
    let negativeCount: Int

    /// Takes the terms of tokens at which the latent was seen to fire, and pairs of such a token with the one before.
    ///
    /// Of both at most `limit` are taken that tell better than chance; for a list of tokens only these themselves.
    init(of trial: LexicalTrial, limit: Int, isTokenList: Bool = false, scratch: inout TermScratch) {
        let index = trial.index
        let active = trial.train.flatMap { example in
            zip(example.window.tokens, example.activations).filter { $0.1 > 0 }.map(\.0)
        }
        let activeTerms = scratch.distinctTerms(of: active, in: index.vocabulary)
            .filter { !isTokenList || index.vocabulary.isToken(Int($0)) }
        var outsideWindows: [Int32: [Int32]] = [:]
        let wanted = Set(activeTerms)
        for (offset, terms) in trial.outsideTerms.enumerated() {
            for term in terms where wanted.contains(term) {
                outsideWindows[term, default: []].append(Int32(clamping: index.windowCount + offset))
            }
        }
        var valued: [(value: Double, term: Int32, row: [Int32])] = []
        for term in activeTerms {
            let windows = trial.told(index.termWindows[Int(term)])
            let others = outsideWindows[term] ?? []
            let value = trial.value(of: windows, others)
            if value > 0 { valued.append((value, term, Array(windows) + others)) }
        }
        var best = Array(valued.sorted { ($1.value, $0.term) < ($0.value, $1.term) }.prefix(limit))
        let found = isTokenList ? [] : LexicalPairSearch(in: trial, limit: limit / 4).pairs
        for (place, pair) in found.enumerated() {
            best.append((pair.value, Int32(clamping: index.vocabulary.termCount + place), pair.windows))
        }
        best.sort { ($1.value, $0.term) < ($0.value, $1.term) }
        terms = best.map(\.term)
        pairs = found.map(\.pair)
        windows = CompressedRows(best.map { $0.row[...] })
        isPositive = trial.isPositive
        positiveCount = trial.positiveCount
        negativeCount = trial.negativeCount
    }

    /// Candidates of these parts.
    init(
        isPositive: [Bool], terms: [Int32], pairs: [LexicalPair], windows: CompressedRows, positiveCount: Int,
        negativeCount: Int
    ) {
        self.isPositive = isPositive
        self.terms = terms
        self.pairs = pairs
        self.windows = windows
        self.positiveCount = positiveCount
        self.negativeCount = negativeCount
    }

    /// The term of a number in `terms`.
    func term(_ number: Int32, in vocabulary: LexicalVocabulary) -> LexicalTerm {
        let place = Int(number) - vocabulary.termCount
        guard place >= 0, place < pairs.count else { return vocabulary.term(Int(number)) }
        let pair = pairs[place]
        return .after(
            vocabulary.term(Int(pair.before)),
            token: pair.token == LexicalPair.anything ? nil : vocabulary.term(Int(pair.token)))
    }
}
