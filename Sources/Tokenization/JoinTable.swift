/// Which bytes stand side by side in a token where one scalar ends and another starts.
///
/// No merge crosses a place whose two bytes do so in no token: there text can be cut, and what is cut off be merged by itself, without
/// any change of the result. That keeps words short where the model knows none.
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
