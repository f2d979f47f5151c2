import Foundation

/// Turns text into tokens word by word, with a cache and scratch of its own: one thread at a time.
struct WordEncoder {
    private static let cacheBits = 14

    private var cache = WordCache(bits: cacheBits)
    private var merger = WordMerger()

    /// Appends the tokens of a text, cutting out those that the finder finds.
    mutating func append(
        _ text: UnsafeBufferPointer<UInt8>, of vocabulary: Vocabulary, cuttingOut finder: TokenFinder,
        to tokens: inout [UInt32]
    ) {
        var start = 0
        while let found = finder.next(in: text, from: start) {
            append(UnsafeBufferPointer(rebasing: text[start..<found.range.lowerBound]), of: vocabulary, to: &tokens)
            tokens.append(found.token)
            start = found.range.upperBound
        }
        append(UnsafeBufferPointer(rebasing: text[start...]), of: vocabulary, to: &tokens)
    }

    private mutating func append(
        _ text: UnsafeBufferPointer<UInt8>, of vocabulary: Vocabulary, to tokens: inout [UInt32]
    ) {
        guard vocabulary.normalizes, text.contains(where: { $0 >= 0x80 }) else {
            return appendWords(text, of: vocabulary, to: &tokens)
        }
        var normal = String(decoding: text, as: UTF8.self).precomposedStringWithCanonicalMapping
        normal.withUTF8 { appendWords($0, of: vocabulary, to: &tokens) }
    }

    private mutating func appendWords(
        _ text: UnsafeBufferPointer<UInt8>, of vocabulary: Vocabulary, to tokens: inout [UInt32]
    ) {
        let scanner = WordScanner(text, rule: vocabulary.rule)
        var start = 0
        while start < text.count {
            let end = scanner.end(of: start)
            let key = WordCache.key(text, start..<end)
            if key.map({ cache.append($0, to: &tokens) }) != true {
                let first = tokens.count
                merger.append(UnsafeBufferPointer(rebasing: text[start..<end]), of: vocabulary, to: &tokens)
                if let key { cache.keep(key, tokens[first...]) }
            }
            start = end
        }
    }
}
