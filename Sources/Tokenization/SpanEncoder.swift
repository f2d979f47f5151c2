/// Turns text into tokens and the range of the text that each stands for.
struct SpanEncoder {
    let vocabulary: Vocabulary
    let added: AddedTokens
    private(set) var spans: [TokenSpan] = []
    private var memory = BertNormalizer.Memory()

    init(_ vocabulary: Vocabulary, cuttingOut added: AddedTokens) {
        self.vocabulary = vocabulary
        self.added = added
    }

    /// Appends the spans of a text.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while true {
            let found = added.written.next(in: text, from: start)
            let end = found?.range.lowerBound ?? text.count
            let part = UnsafeBufferPointer(rebasing: text[start..<end])
            if let normal = vocabulary.normalizer.normal(part, isFirst: start == 0, &memory) {
                normal.bytes.withUnsafeBufferPointer { appendNormal($0, normal, from: start) }
            } else {
                appendNormal(part, nil, from: start)
            }
            guard let found else { return }
            spans.append(TokenSpan(token: found.token, range: found.range))
            start = found.range.upperBound
        }
    }

    private mutating func appendNormal(
        _ text: UnsafeBufferPointer<UInt8>, _ normal: NormalText?, from base: Int
    ) {
        func original(_ range: Range<Int>) -> Range<Int> {
            let range = range.isEmpty ? range : normal?.original(of: range) ?? range
            return base + range.lowerBound..<base + range.upperBound
        }
        var start = 0
        while true {
            let found = added.normalized.next(in: text, from: start)
            let end = found?.range.lowerBound ?? text.count
            for word in words(of: UnsafeBufferPointer(rebasing: text[start..<end])) {
                let first = start + word.lowerBound
                let tokens = tokens(of: UnsafeBufferPointer(rebasing: text[first..<start + word.upperBound]))
                for (index, token) in tokens.enumerated() {
                    let end = index + 1 < tokens.count ? tokens[index + 1].start : word.count
                    spans.append(TokenSpan(token: token.token, range: original(first + token.start..<first + end)))
                }
            }
            guard let found else { return }
            spans.append(TokenSpan(token: found.token, range: original(found.range)))
            start = found.range.upperBound
        }
    }

    private func words(of text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        switch vocabulary.model {
        case .pairs(let merging):
            switch merging.splitting {
            case .rule(let rule): Self.words(text.count, WordScanner(text, rule: rule))
            case .joins(let joins): Self.words(text.count, joins.words(of: text))
            }
        case .pieces:
            Array(
                sequence(state: 0) { start in
                    let word = BertWords(bytes: text).next(from: start)
                    start = word?.upperBound ?? start
                    return word
                })
        }
    }

    private static func words(_ count: Int, _ boundaries: some WordBoundaries) -> [Range<Int>] {
        var words = [Range<Int>]()
        var start = 0
        while start < count {
            let end = boundaries.end(of: start)
            words.append(start..<end)
            start = end
        }
        return words
    }

    private func tokens(of word: UnsafeBufferPointer<UInt8>) -> [(token: UInt32, start: Int)] {
        switch vocabulary.model {
        case .pairs(let merging): WordMerger.tokens(of: word, by: merging, in: vocabulary.tokens)
        case .pieces(let pieces): pieces.tokens(of: word)
        }
    }
}
