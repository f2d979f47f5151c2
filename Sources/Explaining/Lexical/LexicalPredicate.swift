public import Elements
import Foundation
import JSONText

/// A rule about windows that can be run: one to three clauses that must all hold, each a set of kinds of token of
/// which a window contains one at least, or none; or several such lists of clauses, one of which must hold.
public struct LexicalPredicate: Sendable, Hashable {
    /// The newest version of the form; predicates of this and of older versions are read.
    public static let version = 4
    /// The most terms a clause has.
    public static let maximumTerms = 8
    /// The most clauses a predicate has.
    public static let maximumClauses = 3

    /// The most lists of clauses of which one must hold.
    public static let maximumAlternatives = 4

    /// The clauses, in the order they were chosen; a predicate without any holds for every window.
    public let clauses: [LexicalClause]
    /// Further lists of clauses: a window for which one of them holds need not meet `clauses`.
    public let others: [[LexicalClause]]

    /// The lists of clauses of which one must hold.
    public var alternatives: [[LexicalClause]] { [clauses] + others }
    /// The terms of all clauses.
    public var terms: [LexicalTerm] { alternatives.joined().flatMap(\.terms) }

    /// Makes a predicate of one clause.
    public init(anyOf terms: [LexicalTerm]) { self.init(allOf: [LexicalClause(terms)]) }

    /// Makes a predicate of clauses that must all hold.
    public init(allOf clauses: [LexicalClause]) {
        self.clauses = clauses
        others = []
    }

    /// Makes a predicate that holds where one of some holds; `nil` for none.
    public init?(eitherOf predicates: [LexicalPredicate]) {
        let alternatives = predicates.flatMap(\.alternatives)
        guard let first = alternatives.first else { return nil }
        clauses = first
        others = Array(alternatives.dropFirst())
    }

    /// Whether all clauses of one list hold for a window.
    public func matches(tokens: some Sequence<UInt32>, tokenDecoder: any TokenDecoder) -> Bool {
        let tokens = Array(tokens)
        return alternatives.contains { clauses in
            clauses.allSatisfy { $0.matches(tokens: tokens, tokenDecoder: tokenDecoder) }
        }
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
    /// which has the same form, if they ask for words as they are written. Several lists of clauses are version 4,
    /// `{"eitherOf": [{"allOf": […]}, …], "version": 4}`.
    public var json: String {
        // Nothing in a predicate fails to encode; an empty text would be refused when read.
        (try? SortedJSON.text(of: self)) ?? ""
    }

    private var isOfVersion1: Bool {
        guard others.isEmpty, clauses.count == 1, let clause = clauses.first, !clause.isNegated else { return false }
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
        case version, anyOf, allOf, eitherOf
    }

    private struct Alternative: Codable {
        let allOf: [LexicalClause]
    }

    /// Reads a predicate of version 1, 2, 3 or 4.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Int.self, forKey: .version) {
        case 1: self.init(anyOf: try container.decode([LexicalTerm].self, forKey: .anyOf))
        case 2, 3:
            self.init(allOf: try container.decode([LexicalClause].self, forKey: .allOf))
            try check(.allOf, in: container)
        case Self.version:
            let lists = try container.decode([Alternative].self, forKey: .eitherOf)
            guard (2...Self.maximumAlternatives).contains(lists.count),
                let predicate = LexicalPredicate(eitherOf: lists.map { LexicalPredicate(allOf: $0.allOf) })
            else {
                throw DecodingError.dataCorruptedError(
                    forKey: .eitherOf, in: container,
                    debugDescription: "\(lists.count) lists of clauses, expected 2 to \(Self.maximumAlternatives)")
            }
            self = predicate
            try check(.eitherOf, in: container)
        case let version:
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container,
                debugDescription: "version \(version), expected \(Self.version) or older")
        }
    }

    private func check(_ key: Key, in container: KeyedDecodingContainer<Key>) throws {
        for clauses in alternatives where !(1...Self.maximumClauses).contains(clauses.count) {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container,
                debugDescription: "\(clauses.count) clauses, expected 1 to \(Self.maximumClauses)")
        }
    }

    /// Writes the predicate with its version.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if isOfVersion1 {
            try container.encode(1, forKey: .version)
            try container.encode(clauses.first?.terms ?? [], forKey: .anyOf)
        } else if !others.isEmpty {
            try container.encode(Self.version, forKey: .version)
            try container.encode(alternatives.map(Alternative.init), forKey: .eitherOf)
        } else {
            try container.encode(asksForCase ? 3 : 2, forKey: .version)
            try container.encode(clauses, forKey: .allOf)
        }
    }
}
