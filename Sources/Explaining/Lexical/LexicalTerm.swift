public import Elements

/// A kind of token that a predicate can ask for.
public indirect enum LexicalTerm: Sendable, Hashable {
    /// This very token.
    case token(UInt32)
    /// A token that is this word, whatever its case and the space before it. The word is in lower case.
    case word(String)
    /// A token that is this word as it is written here, whatever the space before it.
    case casedWord(String)
    /// A token that is a word of at least five letters with this ending. The ending is in lower case.
    case ending(String)
    /// A token that is a word of at least five letters with this beginning. The beginning is in lower case.
    case beginning(String)
    /// A token with this shape, see `TokenShape.pattern(of:)`: `a_a` holds for `my_name`, `Aa0` for `Base64`.
    case shape(String)
    /// A token with this character in it, which is neither a letter nor a digit nor white space.
    case character(String)
    /// A token of a class.
    case tokenClass(TokenClass)
    /// A token right after one of another kind; any token if `token` is `nil`. Neither may be an `after` itself.
    case after(LexicalTerm, token: LexicalTerm?)

    /// Whether a token, and the one before it in its window, are of this kind.
    public func matches(_ token: UInt32, before: UInt32? = nil, tokenDecoder: any TokenDecoder) -> Bool {
        switch self {
        case .token(let id): return token == id
        case .word(let word): return TokenShape(of: token, tokenDecoder: tokenDecoder).word == word
        case .casedWord(let word): return TokenShape(of: token, tokenDecoder: tokenDecoder).casedWord == word
        case .ending(let ending):
            guard let word = TokenShape(of: token, tokenDecoder: tokenDecoder).word else { return false }
            return TokenShape.endings(of: word).contains(ending)
        case .beginning(let beginning):
            guard let word = TokenShape(of: token, tokenDecoder: tokenDecoder).word else { return false }
            return TokenShape.beginnings(of: word).contains(beginning)
        case .shape(let pattern): return TokenShape(of: token, tokenDecoder: tokenDecoder).pattern == pattern
        case .character(let character):
            return TokenShape(of: token, tokenDecoder: tokenDecoder).characters.contains(character)
        case .tokenClass(let tokenClass):
            return TokenShape(of: token, tokenDecoder: tokenDecoder).classes.contains(tokenClass)
        case .after(let kind, let following):
            guard let before, kind.matches(before, tokenDecoder: tokenDecoder) else { return false }
            return following?.matches(token, tokenDecoder: tokenDecoder) ?? true
        }
    }
}

/// A class of tokens.
public enum TokenClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// Digits only.
    case number
    /// A word with a capital first letter and at least one letter after it, all small.
    case capitalised
    /// A word of at least two letters, all capitals.
    case allCapitals = "all-capitals"
    /// Small letters, at least two, with no space before: mostly the later part of a word.
    case continuation
    /// Neither letters nor digits, but something to see.
    case punctuation
    /// White space with a line end.
    case lineEnd = "line-end"
    /// White space without a line end.
    case space
}
