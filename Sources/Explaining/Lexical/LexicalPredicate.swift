public import Elements
import Foundation

/// A rule about windows that can be run: one to three clauses that must all hold, each a set of kinds of token of
/// which a window contains one at least, or none.
public struct LexicalPredicate: Sendable, Hashable {
    /// The newest version of the form; predicates of this and of older versions are read.
    public static let version = 3
    /// The most terms a clause has.
    public static let maximumTerms = 8
    /// The most clauses a predicate has.
    public static let maximumClauses = 3

    /// The clauses, in the order they were chosen; a predicate without any holds for every window.
    public let clauses: [LexicalClause]

    /// The terms of all clauses.
    public var terms: [LexicalTerm] { clauses.flatMap(\.terms) }

    /// Makes a predicate of one clause.
    public init(anyOf terms: [LexicalTerm]) { clauses = [LexicalClause(terms)] }

    /// Makes a predicate of clauses that must all hold.
    public init(allOf clauses: [LexicalClause]) { self.clauses = clauses }

    /// Whether all clauses hold for a window.
    public func matches(tokens: some Sequence<UInt32>, tokenDecoder: any TokenDecoder) -> Bool {
        let tokens = Array(tokens)
        return clauses.allSatisfy { $0.matches(tokens: tokens, tokenDecoder: tokenDecoder) }
    }

    /// Reads what `json` wrote, in this version or an older one.
    ///
    /// Throws `ExplainingError` of kind `unreadable`.
    public init(json: String) throws(ExplainingError) {
        do {
            self = try JSONDecoder().decode(LexicalPredicate.self, from: Data(json.utf8))
        } catch {
            throw ExplainingError(
                .unreadable, "not a lexical predicate of version \(Self.version) or older: \(error)")
        }
    }

    /// The predicate as JSON, the same bytes for the same predicate.
    ///
    /// One clause that asks for nothing but tokens, words, endings and classes is written as version 1,
    /// `{"anyOf": […], "version": 1}`; others as version 2, `{"allOf": [{"anyOf": […]}, …], "version": 2}`, or as version 3,
    /// which has the same form, if they ask for words as they are written.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in a predicate fails to encode; an empty text would be refused when read.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private var isOfVersion1: Bool {
        guard clauses.count == 1, let clause = clauses.first, !clause.isNegated else { return false }
        return clause.terms.allSatisfy { term in
            switch term {
            case .token, .word, .ending, .tokenClass: true
            case .beginning, .shape, .character, .after, .casedWord: false
            }
        }
    }

    private var asksForCase: Bool {
        terms.contains { term in
            switch term {
            case .casedWord, .after(.casedWord, _), .after(_, .casedWord): true
            default: false
            }
        }
    }
}

extension LexicalPredicate: Codable {
    private enum Key: String, CodingKey {
        case version, anyOf, allOf
    }

    /// Reads a predicate of version 1, 2 or 3.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Int.self, forKey: .version) {
        case 1: self.init(anyOf: try container.decode([LexicalTerm].self, forKey: .anyOf))
        case 2, Self.version:
            let clauses = try container.decode([LexicalClause].self, forKey: .allOf)
            guard (1...Self.maximumClauses).contains(clauses.count) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .allOf, in: container,
                    debugDescription: "\(clauses.count) clauses, expected 1 to \(Self.maximumClauses)")
            }
            self.init(allOf: clauses)
        case let version:
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container,
                debugDescription: "version \(version), expected \(Self.version) or older")
        }
    }

    /// Writes the predicate with its version.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if isOfVersion1 {
            try container.encode(1, forKey: .version)
            try container.encode(clauses.first?.terms ?? [], forKey: .anyOf)
        } else {
            try container.encode(asksForCase ? Self.version : 2, forKey: .version)
            try container.encode(clauses, forKey: .allOf)
        }
    }
}
