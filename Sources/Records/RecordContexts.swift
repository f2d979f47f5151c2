public import Elements
public import Hashing

/// The token ids of a document, in the contexts in which they were run.
public struct RecordContexts: Sendable, Hashable {
    /// The token ids of all contexts, one after the other.
    public let tokens: [UInt32]
    /// The tokens of each context; each at least 1.
    public let lengths: [Int]
    /// The tokens at the start of each context that are not the document's own, such as a BOS token.
    public let prefixes: [Int]

    /// Makes contexts; `nil` if lengths, prefixes and tokens contradict each other.
    public init?(tokens: [UInt32], lengths: [Int], prefixes: [Int]) {
        guard lengths.count == prefixes.count, lengths.allSatisfy({ (1...tokens.count).contains($0) }),
            zip(lengths, prefixes).allSatisfy({ (0...$0).contains($1) }),
            lengths.reduce(0, { $0.addingReportingOverflow($1).partialValue }) == tokens.count
        else { return nil }
        self.tokens = tokens
        self.lengths = lengths
        self.prefixes = prefixes
    }

    init(_ cursor: inout RecordCursor) throws(RecordFault) {
        let count = Int(try cursor.number(UInt32.self, field: "contexts"))
        // A length and a prefix of four bytes each, as pairs.
        let pairs: [UInt64] = try cursor.numbers(count, field: "contexts")
        lengths = pairs.map { Int(UInt32(truncatingIfNeeded: $0)) }
        prefixes = pairs.map { Int($0 >> 32) }
        var total = 0
        for (index, length) in lengths.enumerated() {
            guard length > 0 else {
                throw RecordFault(
                    .wrongShape, field: "contexts[\(index)].tokens", found: "0", expected: "at least 1")
            }
            guard prefixes[index] <= length else {
                throw RecordFault(
                    .wrongShape, field: "contexts[\(index)].prefix", found: "\(prefixes[index])",
                    expected: "at most \(length), the context's tokens")
            }
            // Each is below 2³² and there are as many as there are bytes, so that the sum has room.
            total += length
        }
        guard total > 0 else {
            throw RecordFault(.wrongShape, field: "contexts", found: "none", expected: "at least one context")
        }
        tokens = try cursor.numbers(total, field: "tokens")
    }

    func write(to writer: inout RecordWriter) throws(RecordFault) {
        guard !lengths.isEmpty else {
            throw RecordFault(.wrongShape, field: "contexts", found: "none", expected: "at least one context")
        }
        writer.number(UInt32(truncatingIfNeeded: lengths.count))
        for (length, prefix) in zip(lengths, prefixes) {
            writer.number(UInt32(truncatingIfNeeded: length))
            writer.number(UInt32(truncatingIfNeeded: prefix))
        }
        for token in tokens { writer.number(token) }
    }

    /// Makes sure that every token is one of the vocabulary.
    public func check(vocabulary: Int) throws(RecordFault) {
        guard let index = tokens.firstIndex(where: { Int($0) >= vocabulary }) else { return }
        throw RecordFault(
            .tokenOutOfRange, field: "tokens[\(index)]", found: "\(tokens[index])",
            expected: "below \(vocabulary), the tokens of the subject's tokenizer")
    }

    /// The hash of the document's own tokens, without the prefixes, as contexts carry it.
    public var documentHash: Hash128 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        var start = 0
        for (length, prefix) in zip(lengths, prefixes) {
            for token in tokens[start + prefix..<start + length] { hasher.update(token) }
            start += length
        }
        return hasher.finalize128()
    }

    /// The contexts as stages take them.
    ///
    /// - Parameters:
    ///   - header: The record's.
    ///   - time: The record's time, in milliseconds since 1970.
    ///   - source: The name of the collection if the header gives none.
    ///   - reached: Where the record's partition stands after it; `nil` outside a run.
    public func elements(
        _ header: RecordHeader, time: Int64, source: String, reached: Fence? = nil
    ) -> [Context] {
        let document = header.document ?? documentHash
        let name = header.source.isEmpty ? source : header.source
        var start = 0
        return lengths.map { length in
            defer { start += length }
            return Context(
                tokens: Array(tokens[start..<start + length]), document: document, timestamp: time, source: name,
                reached: reached)
        }
    }
}
