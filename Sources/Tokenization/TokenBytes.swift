/// The bytes of every token, one after the other.
struct TokenBytes: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// The number of tokens.
    var count: Int { ends.count }

    init(capacity: Int) {
        bytes.reserveCapacity(8 * capacity)
        ends.reserveCapacity(capacity)
    }

    /// Adds the next token: read in the byte alphabet, or unchanged if it is not in that alphabet; returns which.
    mutating func append(_ token: String, isLiteral: Bool) -> Bool {
        let isByteLevel = !isLiteral && ByteAlphabet.append(token[...], to: &bytes)
        if !isByteLevel { bytes.append(contentsOf: token.utf8) }
        ends.append(bytes.count)
        return isByteLevel
    }

    /// Adds the next token by its bytes.
    mutating func append(_ token: some Sequence<UInt8>) {
        bytes.append(contentsOf: token)
        ends.append(bytes.count)
    }

    /// The bytes of a token; empty for an id out of range.
    subscript(_ token: UInt32) -> ArraySlice<UInt8> {
        let index = Int(token)
        guard index < ends.count else { return [] }
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }
}
