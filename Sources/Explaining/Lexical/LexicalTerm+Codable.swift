extension LexicalTerm: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case token, word, ending, beginning, shape, character, after
        case tokenClass = "class"
        case casedWord = "cased_word"
    }

    private enum PairKey: String, CodingKey {
        case before, token
    }

    /// Reads an object with exactly one of `token`, `word`, `cased_word`, `ending`, `beginning`, `shape`, `character`, `class` and
    /// `after`, which is an object with `before` and, if it matters, `token`.
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
        case .casedWord: self = .casedWord(try container.decode(String.self, forKey: .casedWord))
        case .ending: self = .ending(try container.decode(String.self, forKey: .ending))
        case .beginning: self = .beginning(try container.decode(String.self, forKey: .beginning))
        case .shape: self = .shape(try container.decode(String.self, forKey: .shape))
        case .character: self = .character(try container.decode(String.self, forKey: .character))
        case .tokenClass: self = .tokenClass(try container.decode(TokenClass.self, forKey: .tokenClass))
        case .after:
            // A text may nest without end, so depth is bounded before anything below is read.
            guard decoder.codingPath.count(where: { $0.stringValue == Key.after.rawValue }) == 0 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .after, in: container, debugDescription: "an after within an after")
            }
            let pair = try container.nestedContainer(keyedBy: PairKey.self, forKey: .after)
            self = .after(
                try pair.decode(LexicalTerm.self, forKey: .before),
                token: try pair.decodeIfPresent(LexicalTerm.self, forKey: .token))
        }
    }

    /// Writes an object of the form that is read.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .token(let id): try container.encode(id, forKey: .token)
        case .word(let word): try container.encode(word, forKey: .word)
        case .casedWord(let word): try container.encode(word, forKey: .casedWord)
        case .ending(let ending): try container.encode(ending, forKey: .ending)
        case .beginning(let beginning): try container.encode(beginning, forKey: .beginning)
        case .shape(let pattern): try container.encode(pattern, forKey: .shape)
        case .character(let character): try container.encode(character, forKey: .character)
        case .tokenClass(let tokenClass): try container.encode(tokenClass, forKey: .tokenClass)
        case .after(let before, let token):
            var pair = container.nestedContainer(keyedBy: PairKey.self, forKey: .after)
            try pair.encode(before, forKey: .before)
            try pair.encodeIfPresent(token, forKey: .token)
        }
    }
}
