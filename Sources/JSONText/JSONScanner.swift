/// Reads JSON (RFC 8259) from bytes that are known to be UTF-8, one value after the other, without building a tree.
package struct JSONScanner {
    /// The kind of a value, told from its first byte.
    package enum Kind {
        case object, array, string, number, boolean, null

        /// The kind as messages name it.
        package var description: String {
            switch self {
            case .object: "an object"
            case .array: "a list"
            case .string: "a text"
            case .number: "a number"
            case .boolean: "true or false"
            case .null: "null"
            }
        }
    }

    /// The deepest nesting taken.
    package static let maximumDepth = 512

    let bytes: [UInt8]
    var position = 0
    private var isFirst = false

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The byte at the position; 0, which no JSON has outside of a text, at the end.
    var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

    package mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    mutating func skipSpace() {
        while byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    /// The kind of the value that comes next.
    package mutating func kind() throws(JSONError) -> Kind {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw fault("expected a value")
        }
    }

    package mutating func beginObject() throws(JSONError) {
        try expect(UInt8(ascii: "{"))
        isFirst = true
    }

    /// The name of the object's next field, its value coming next; `nil` after the last, the brace being read.
    package mutating func nextName() throws(JSONError) -> String? {
        guard try hasMore(before: UInt8(ascii: "}")) else { return nil }
        skipSpace()
        guard byte == UInt8(ascii: "\"") else { throw fault("expected a field name in double quotes") }
        let name = try string()
        try expect(UInt8(ascii: ":"))
        return name
    }

    package mutating func beginArray() throws(JSONError) {
        try expect(UInt8(ascii: "["))
        isFirst = true
    }

    /// Whether another element comes next; if not, the bracket has been read.
    package mutating func nextElement() throws(JSONError) -> Bool { try hasMore(before: UInt8(ascii: "]")) }

    private mutating func hasMore(before close: UInt8) throws(JSONError) -> Bool {
        defer { isFirst = false }
        skipSpace()
        if byte == close {
            position += 1
            return false
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else {
                throw fault("expected \",\" or \"\(Character(Unicode.Scalar(close)))\"")
            }
            position += 1
            skipSpace()
            guard byte != close else { throw fault("expected a value after \",\"") }
        }
        return true
    }

    mutating func expect(_ wanted: UInt8) throws(JSONError) {
        skipSpace()
        guard byte == wanted else { throw fault("expected \"\(Character(Unicode.Scalar(wanted)))\"") }
        position += 1
    }

    /// Checks that nothing but space follows.
    package mutating func expectEnd() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw fault("expected the end") }
    }

    /// Reads one of the words `true`, `false` and `null`.
    mutating func word() throws(JSONError) {
        for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return
        }
        throw fault("expected a value")
    }

    func fault(_ expectation: String) -> JSONError {
        let found = position < bytes.count ? String(decoding: bytes[position...].prefix(12), as: UTF8.self) : nil
        return JSONError(offset: position, expectation: expectation, found: found)
    }
}
