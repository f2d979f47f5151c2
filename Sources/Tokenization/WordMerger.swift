/// Merges the pairs of one word: lowest rank first, of equal ranks the leftmost.
struct WordMerger {
    /// Words of up to this many symbols are scanned for the best pair; longer ones use a heap.
    private static let longestScan = 48

    private var symbols: [UInt32] = []
    private var pairs: [MergeTable.Merge] = []

    /// Appends the tokens of a word.
    mutating func append(
        _ word: UnsafeBufferPointer<UInt8>, by merging: PairMerging, in bytes: TokenBytes, to tokens: inout [UInt32]
    ) {
        if merging.ignoresMerges, let token = merging.index.find(word, in: bytes) {
            tokens.append(token)
            return
        }
        if !startPlain(word, merging) {
            symbols.removeAll(keepingCapacity: true)
            merging.appendSymbols(of: word, in: bytes) { token, _ in symbols.append(token) }
        }
        if symbols.count <= Self.longestScan {
            scan(merging.merges)
            tokens.append(contentsOf: symbols)
        } else {
            var merger = LongWordMerger(symbols, merging.merges)
            merger.run()
            merger.append(to: &tokens)
            symbols = []
        }
    }

    /// Records the symbols of a word whose bytes are all symbols; `false` for another word.
    private mutating func startPlain(_ word: UnsafeBufferPointer<UInt8>, _ merging: PairMerging) -> Bool {
        symbols.removeAll(keepingCapacity: true)
        for byte in word {
            guard let token = merging.byteTokens[Int(byte)] else { return false }
            symbols.append(token)
        }
        return true
    }

    /// Gives the tokens of a word and the offset at which each starts within it.
    static func tokens(
        of word: UnsafeBufferPointer<UInt8>, by merging: PairMerging, in bytes: TokenBytes
    ) -> [(token: UInt32, start: Int)] {
        if merging.ignoresMerges, let token = merging.index.find(word, in: bytes) { return [(token, 0)] }
        var symbols = [UInt32]()
        var starts = [Int]()
        merging.appendSymbols(of: word, in: bytes) { token, start in
            symbols.append(token)
            starts.append(start)
        }
        var merger = LongWordMerger(symbols, merging.merges)
        merger.run()
        var tokens = [(token: UInt32, start: Int)]()
        merger.forEachToken { token, place in tokens.append((token, starts[place])) }
        return tokens
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
