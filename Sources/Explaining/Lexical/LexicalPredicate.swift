public import Elements
import Foundation

/// A rule about windows that can be run: a window contains a token of any of some kinds.
public struct LexicalPredicate: Sendable, Hashable {
    /// The version of the meaning of terms; a predicate of another version is not read.
    public static let version = 1
    /// The most terms a predicate has.
    public static let maximumTerms = 8

    /// The kinds of token, in the order they were chosen.
    public let terms: [LexicalTerm]

    /// Makes a predicate.
    public init(anyOf terms: [LexicalTerm]) { self.terms = terms }

    /// Whether any token is of any of the kinds.
    public func matches(tokens: some Sequence<UInt32>, text: any TokenText) -> Bool {
        tokens.contains { token in terms.contains { $0.matches(token, text: text) } }
    }

    /// Reads what `json` wrote.
    ///
    /// Throws `ExplainingError` of kind `unreadable`.
    public init(json: String) throws(ExplainingError) {
        do {
            self = try JSONDecoder().decode(LexicalPredicate.self, from: Data(json.utf8))
        } catch {
            throw ExplainingError(.unreadable, "not a lexical predicate of version \(Self.version): \(error)")
        }
    }

    /// The predicate as JSON: `{"anyOf": […], "version": 1}`, the same bytes for the same predicate.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in a predicate fails to encode; an empty text would be refused when read.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension LexicalPredicate: Codable {
    private enum Key: String, CodingKey {
        case version, anyOf
    }

    /// Reads a predicate of this version.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container, debugDescription: "version \(version), expected \(Self.version)")
        }
        terms = try container.decode([LexicalTerm].self, forKey: .anyOf)
    }

    /// Writes the predicate with its version.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.version, forKey: .version)
        try container.encode(terms, forKey: .anyOf)
    }
}
