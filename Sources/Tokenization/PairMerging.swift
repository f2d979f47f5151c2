/// Byte-pair encoding: the symbols that text starts as, and the merges that make tokens of them.
struct PairMerging: Sendable {
    /// What text is taken apart into.
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
        /// Not by the model; where no merge could cross.
        case joins(JoinTable)
    }

    /// What is done with a symbol that has no token.
    enum Unknown: Sendable, Hashable {
        /// It is left out.
        case drop
        /// It becomes this token; one token for a run of them where `fused`.
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
    /// Whether a word that is a token as it stands is taken without merging.
    var ignoresMerges = false
    /// What is done with a symbol that has no token.
    var unknown = Unknown.drop

    /// Sets down the symbols of a word, and where each starts.
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
