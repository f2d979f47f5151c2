/// Merges the pairs of one word: lowest rank first, of equal ranks the leftmost.
struct WordMerger {
    /// Words of up to this many symbols are scanned for the best pair; longer ones use a heap.
    private static let longestScan = 48

    private var symbols: [UInt32] = []
    private var pairs: [MergeTable.Merge] = []

    /// Appends the tokens of a word.
    mutating func append(_ word: UnsafeBufferPointer<UInt8>, of vocabulary: Vocabulary, to tokens: inout [UInt32]) {
        if vocabulary.ignoresMerges, let token = vocabulary.index.find(word, in: vocabulary.tokens) {
            tokens.append(token)
            return
        }
        start(word, vocabulary)
        if symbols.count <= Self.longestScan {
            scan(vocabulary.merges)
            tokens.append(contentsOf: symbols)
        } else {
            LongWordMerger(symbols, vocabulary.merges).append(to: &tokens)
            symbols = []
        }
    }

    private mutating func start(_ word: UnsafeBufferPointer<UInt8>, _ vocabulary: Vocabulary) {
        symbols.removeAll(keepingCapacity: true)
        var isBehindUnknown = false
        for byte in word {
            if let token = vocabulary.byteTokens[Int(byte)] {
                symbols.append(token)
                isBehindUnknown = false
            } else if case .token(let unknown, let fused) = vocabulary.unknownByte {
                if !(fused && isBehindUnknown) { symbols.append(unknown) }
                isBehindUnknown = true
            }
        }
    }

    private mutating func scan(_ merges: MergeTable) {
        guard symbols.count > 1 else { return }
        pairs.removeAll(keepingCapacity: true)
        for index in 1..<symbols.count { pairs.append(merges[symbols[index - 1], symbols[index]]) }
        while true {
            var best = 0
            var rank = UInt32.max
            for index in pairs.indices where pairs[index].rank < rank {
                rank = pairs[index].rank
                best = index
            }
            guard rank != .max else { return }
            symbols[best] = pairs[best].token
            symbols.remove(at: best + 1)
            pairs.remove(at: best)
            if best > 0 { pairs[best - 1] = merges[symbols[best - 1], symbols[best]] }
            if best < pairs.count { pairs[best] = merges[symbols[best], symbols[best + 1]] }
        }
    }
}
