/// Turns text into tokens word by word, with a cache and scratch of its own: one thread at a time.
struct WordEncoder {
    private static let cacheBits = 14

    private var cache = WordCache(bits: cacheBits)
    private var merger = WordMerger()
    private var memory = BertNormalizer.Memory()

    /// Appends the tokens of a text, which may be the first of an input, cutting out added tokens.
    mutating func append(
        _ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, of vocabulary: Vocabulary, cuttingOut added: AddedTokens,
        to tokens: inout [UInt32]
    ) {
        var start = 0
        while true {
            let found = added.written.next(in: text, from: start)
            let end = found?.range.lowerBound ?? text.count
            appendText(
                UnsafeBufferPointer(rebasing: text[start..<end]), isFirst: isFirst && start == 0, of: vocabulary,
                cuttingOut: added,
                to: &tokens)
            guard let found else { return }
            tokens.append(found.token)
            start = found.range.upperBound
        }
    }

    private mutating func appendText(
        _ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, of vocabulary: Vocabulary, cuttingOut added: AddedTokens,
        to tokens: inout [UInt32]
    ) {
        guard let normal = vocabulary.normalizer.normal(text, isFirst: isFirst, &memory) else {
            return appendNormal(text, of: vocabulary, cuttingOut: added, to: &tokens)
        }
        normal.bytes.withUnsafeBufferPointer { appendNormal($0, of: vocabulary, cuttingOut: added, to: &tokens) }
    }

    private mutating func appendNormal(
        _ text: UnsafeBufferPointer<UInt8>, of vocabulary: Vocabulary, cuttingOut added: AddedTokens,
        to tokens: inout [UInt32]
    ) {
        var start = 0
        while true {
            let found = added.normalized.next(in: text, from: start)
            let end = found?.range.lowerBound ?? text.count
            appendWords(UnsafeBufferPointer(rebasing: text[start..<end]), of: vocabulary, to: &tokens)
            guard let found else { return }
            tokens.append(found.token)
            start = found.range.upperBound
        }
    }

    private mutating func appendWords(
        _ text: UnsafeBufferPointer<UInt8>, of vocabulary: Vocabulary, to tokens: inout [UInt32]
    ) {
        switch vocabulary.model {
        case .pairs(let merging):
            switch merging.splitting {
            case .rule(let rule):
                appendWords(text, WordScanner(text, rule: rule), by: merging, in: vocabulary.tokens, to: &tokens)
            case .joins(let joins):
                appendWords(text, joins.words(of: text), by: merging, in: vocabulary.tokens, to: &tokens)
            }
        case .pieces(let pieces):
            let words = BertWords(bytes: text)
            var start = 0
            while let word = words.next(from: start) {
                let key = WordCache.key(text, word)
                if key.map({ cache.append($0, to: &tokens) }) != true {
                    let first = tokens.count
                    let bytes = UnsafeBufferPointer(rebasing: text[word])
                    tokens.append(contentsOf: pieces.tokens(of: bytes).map(\.token))
                    if let key { cache.keep(key, tokens[first...]) }
                }
                start = word.upperBound
            }
        }
    }

    @inline(__always)
    private mutating func appendWords(
        _ text: UnsafeBufferPointer<UInt8>, _ boundaries: some WordBoundaries, by merging: PairMerging,
        in bytes: TokenBytes, to tokens: inout [UInt32]
    ) {
        var start = 0
        while start < text.count {
            let end = boundaries.end(of: start)
            let key = WordCache.key(text, start..<end)
            if key.map({ cache.append($0, to: &tokens) }) != true {
                let first = tokens.count
                merger.append(UnsafeBufferPointer(rebasing: text[start..<end]), by: merging, in: bytes, to: &tokens)
                if let key { cache.keep(key, tokens[first...]) }
            }
            start = end
        }
    }
}
