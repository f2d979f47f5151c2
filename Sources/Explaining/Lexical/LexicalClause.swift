public import Elements

/// One part of a predicate: what a window must, or must not, contain.
public struct LexicalClause: Sendable, Hashable {
    /// The kinds of token, in the order they were chosen.
    public let terms: [LexicalTerm]
    /// Whether the window must contain none of them; otherwise it must contain one at least.
    public let isNegated: Bool

    /// Makes a clause.
    public init(_ terms: [LexicalTerm], isNegated: Bool = false) {
        self.terms = terms
        self.isNegated = isNegated
    }

    /// Whether the clause holds for a window.
    public func matches(tokens: [UInt32], tokenDecoder: any TokenDecoder) -> Bool {
        let contains = tokens.indices.contains { index in
            let before = index > 0 ? tokens[index - 1] : nil
            return terms.contains { $0.matches(tokens[index], before: before, tokenDecoder: tokenDecoder) }
        }
        return contains != isNegated
    }
}

extension LexicalClause: Codable {
    private enum Key: String, CodingKey {
        case anyOf, noneOf
    }

    /// Reads `{"anyOf": […]}` or `{"noneOf": […]}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "a clause has either anyOf or noneOf"))
        }
        self.init(try container.decode([LexicalTerm].self, forKey: key), isNegated: key == .noneOf)
    }

    /// Writes an object of the form that is read.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(terms, forKey: isNegated ? .noneOf : .anyOf)
    }
}
