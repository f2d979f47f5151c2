public import Elements

/// A kind of token that a predicate can ask for.
public enum LexicalTerm: Sendable, Hashable {
    /// This very token.
    case token(UInt32)
    /// A token that is this word, whatever its case and the space before it. The word is in lower case.
    case word(String)
    /// A token that is a word of at least five letters with this ending. The ending is in lower case.
    case ending(String)
    /// A token of a class.
    case tokenClass(TokenClass)

    /// Whether a token is of this kind.
    public func matches(_ token: UInt32, text: any TokenText) -> Bool {
        switch self {
        case .token(let id): return token == id
        case .word(let word): return TokenShape(of: token, text: text).word == word
        case .ending(let ending):
            guard let word = TokenShape(of: token, text: text).word else { return false }
            return TokenShape.endings(of: word).contains(ending)
        case .tokenClass(let tokenClass): return TokenShape(of: token, text: text).classes.contains(tokenClass)
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

extension LexicalTerm: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case token, word, ending
        case tokenClass = "class"
    }

    /// Reads an object with exactly one of `token`, `word`, `ending` and `class`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription:
                        "a term has exactly one of \(Key.allCases.map(\.rawValue).joined(separator: ", "))"
                ))
        }
        switch key {
        case .token: self = .token(try container.decode(UInt32.self, forKey: .token))
        case .word: self = .word(try container.decode(String.self, forKey: .word))
        case .ending: self = .ending(try container.decode(String.self, forKey: .ending))
        case .tokenClass: self = .tokenClass(try container.decode(TokenClass.self, forKey: .tokenClass))
        }
    }

    /// Writes an object with one of `token`, `word`, `ending` and `class`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .token(let id): try container.encode(id, forKey: .token)
        case .word(let word): try container.encode(word, forKey: .word)
        case .ending(let ending): try container.encode(ending, forKey: .ending)
        case .tokenClass(let tokenClass): try container.encode(tokenClass, forKey: .tokenClass)
        }
    }
}
