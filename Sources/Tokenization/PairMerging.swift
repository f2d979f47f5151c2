/// Byte-pair encoding: the symbols that text starts as, and the merges that make tokens of them.
struct PairMerging: Sendable {
    /// The symbols that text is taken apart into.
    enum Symbols: Sendable, Hashable {
        /// Bytes.
        case bytes
        /// Unicode scalars; one without a token becomes its bytes.
        case scalars
    }

    /// How text is cut into words, which merges never cross.
    enum Splitting: Sendable {
        /// By the rule of a model.
        case rule(SplitRule)
        /// At every place that no merge can cross; there is no rule of a model.
        case joins(JoinTable)
    }

    /// How a symbol without a token is treated.
    enum Unknown: Sendable, Hashable {
        /// It is left out.
        case drop
        /// It becomes this token; if `fused`, a run of them becomes one token.
        case token(UInt32, fused: Bool)
    }

    let symbols: Symbols
    var splitting: Splitting
    /// The merges.
    let merges: MergeTable
    /// Finds tokens by their bytes.
    let index: TokenIndex
    /// The tokens of bytes that stand for themselves as a symbol; by scalars only ASCII's.
    let byteTokens: [UInt32?]
    /// The tokens of bytes of scalars that have none; empty unless all 256 are there.
    var fallbackTokens: [UInt32] = []
    /// Whether a word that is itself a token is taken without merging.
    var ignoresMerges = false
    /// How a symbol without a token is treated.
    var unknown = Unknown.drop

    /// Records the symbols of a word and the offset at which each starts.
    @inline(__always)
    func appendSymbols(
        of word: UnsafeBufferPointer<UInt8>, in tokens: TokenBytes, _ append: (_ token: UInt32, _ start: Int) -> Void
    ) {
        var isBehindUnknown = false
        var offset = 0
        while offset < word.count {
            let start = offset
            if let token = byteTokens[Int(word[start])] {
                offset += 1
                append(token, start)
                isBehindUnknown = false
                continue
            }
            offset = symbols == .bytes ? start + 1 : UTF8Scalars.scalar(word, at: start).end
            if symbols == .scalars {
                let scalar = UnsafeBufferPointer(rebasing: word[start..<offset])
                if let token = index.find(scalar, in: tokens) {
                    append(token, start)
                    isBehindUnknown = false
                    continue
                }
                if !fallbackTokens.isEmpty {
                    for place in start..<offset { append(fallbackTokens[Int(word[place])], place) }
                    isBehindUnknown = false
                    continue
                }
            }
            if case .token(let unknown, let fused) = unknown {
                if !(fused && isBehindUnknown) { append(unknown, start) }
                isBehindUnknown = true
            }
        }
    }
}
