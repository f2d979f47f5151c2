/// The pairs of bytes that meet within a token at the boundary between two scalars.
///
/// No merge crosses a place whose two bytes do so in no token. Text can be cut there and each part merged by
/// itself without any change of the result. That keeps words short if the model has no rule for words.
struct JoinTable: Sendable {
    private var joins: [Bool]

    /// A table of no tokens, or one by which text is never cut.
    init(joinsAll: Bool = false) { joins = [Bool](repeating: joinsAll, count: 1 << 16) }

    /// Notes the scalars that a token joins.
    mutating func insert(_ token: some Sequence<UInt8>) {
        var last: UInt8?
        for byte in token {
            if let last, byte & 0xc0 != 0x80 { joins[Int(last) << 8 | Int(byte)] = true }
            last = byte
        }
    }

    /// The words of a text.
    struct Words: WordBoundaries {
        let bytes: UnsafeBufferPointer<UInt8>
        let joins: [Bool]

        @inline(__always)
        func end(of start: Int) -> Int {
            var end = start + 1
            while end < bytes.count {
                let byte = bytes[end]
                if byte & 0xc0 != 0x80, !joins[Int(bytes[end - 1]) << 8 | Int(byte)] { return end }
                end += 1
            }
            return end
        }
    }

    func words(of text: UnsafeBufferPointer<UInt8>) -> Words { Words(bytes: text, joins: joins) }
}
