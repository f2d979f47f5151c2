public import Elements
import Hashing

/// Cuts a document's token ids into contexts that never cross documents.
public struct ContextCutter: Sendable {
    /// The most tokens in a context, BOS included.
    public let length: Int
    /// The token put before a document's first; `nil` for none.
    public let bos: UInt32?

    /// Makes a cutter; a length below 1, or 2 with a BOS, is raised to that.
    public init(length: Int, bos: UInt32?) {
        self.length = max(length, bos == nil ? 1 : 2)
        self.bos = bos
    }

    /// The ids of a document that was tokenised elsewhere, without the BOS that it may begin with: the cutter puts one there.
    public func withoutBOS(_ tokens: [UInt32]) -> [UInt32] {
        bos != nil && tokens.first == bos ? Array(tokens.dropFirst()) : tokens
    }

    /// The contexts of a document, in order; none of an empty one.
    ///
    /// All but the last are full; the first starts with BOS if there is one. Without it they concatenate to the ids. The
    /// `document` of every context is the SipHash-128 of the ids under the key (0, 0). What an earlier checkpoint has counted
    /// is left out.
    public func contexts(of document: Document, tokens: [UInt32]) -> [Context] {
        guard !tokens.isEmpty else { return [] }
        let hash = SipHasher.hash128(tokens: tokens, key: SipKey(k0: 0, k1: 0))
        let name = document.source ?? Self.name(of: document.position)
        let place = document.place
        let total = (tokens.count + (bos == nil ? 0 : 1) + length - 1) / length
        var contexts = [Context]()
        contexts.reserveCapacity(total)
        var (start, number) = (0, 0)
        while start < tokens.count {
            let prefix = start == 0 ? bos.map { [$0] } ?? [] : []
            let end = min(tokens.count, start + length - prefix.count)
            number += 1
            if number > place?.counted ?? 0 {
                contexts.append(
                    Context(
                        tokens: prefix + tokens[start..<end], document: hash, timestamp: document.timestamp,
                        source: name, reached: place?.fence(afterContexts: number, of: total)))
            }
            start = end
        }
        return contexts
    }

    /// The collection's name if the record gives none: the source node, and its topic unless the source is a file.
    private static func name(of position: RecordPosition) -> String {
        let isTopic = !position.topic.contains("/") && !position.topic.isEmpty && position.topic != position.source
        return isTopic ? "\(position.source)/\(position.topic)" : position.source
    }
}
