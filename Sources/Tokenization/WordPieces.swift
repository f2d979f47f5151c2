/// WordPiece: each word by its longest pieces, from the left.
///
/// Source: `WordPiece` of Hugging Face `tokenizers`.
struct WordPieces: Sendable {
    /// The pieces that words start with.
    let starts: TokenIndex
    /// The pieces that continue a word.
    let continuations: TokenIndex
    /// The bytes of every token, without the prefix that marks a continuation.
    let pieces: TokenBytes
    /// The token of a word that cannot be put together from pieces.
    let unknown: UInt32
    /// The most scalars in a word; a longer one is unknown.
    let longestWord: Int
    /// The most bytes in a piece.
    let longestPiece: Int

    /// Gives the tokens of a word and the offset at which each starts within it.
    func tokens(of word: UnsafeBufferPointer<UInt8>) -> [(token: UInt32, start: Int)] {
        let scalars = word.reduce(0) { $0 + ($1 & 0xc0 != 0x80 ? 1 : 0) }
        guard scalars <= longestWord else { return [(unknown, 0)] }
        var tokens = [(token: UInt32, start: Int)]()
        var start = 0
        while start < word.count {
            guard let (token, end) = longest(word, from: start) else { return [(unknown, 0)] }
            tokens.append((token, start))
            start = end
        }
        return tokens
    }

    private func longest(_ word: UnsafeBufferPointer<UInt8>, from start: Int) -> (token: UInt32, end: Int)? {
        let index = start == 0 ? starts : continuations
        var end = min(word.count, start + longestPiece)
        while end > start {
            if end == word.count || word[end] & 0xc0 != 0x80,
                let token = index.find(UnsafeBufferPointer(rebasing: word[start..<end]), in: pieces)
            {
                return (token, end)
            }
            end -= 1
        }
        return nil
    }
}

/// BERT's words: runs between white space, punctuation by itself.
struct BertWords {
    let bytes: UnsafeBufferPointer<UInt8>

    /// The next word at or after an offset.
    func next(from start: Int) -> Range<Int>? {
        var offset = start
        var first: Int?
        while offset < bytes.count {
            let (scalar, end) = UTF8Scalars.scalar(bytes, at: offset)
            let isSpace = scalar?.properties.isWhitespace ?? false
            let isPunctuation = scalar.map(BertClasses.isPunctuation) ?? false
            if let first, isSpace || isPunctuation { return first..<offset }
            if isPunctuation { return offset..<end }
            if first == nil, !isSpace { first = offset }
            offset = end
        }
        return first.map { $0..<bytes.count }
    }
}
