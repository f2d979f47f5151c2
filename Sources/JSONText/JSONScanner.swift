/// Reads JSON (RFC 8259) from bytes, one value after the other, without building a tree.
///
/// Nothing is allocated but the texts that are asked for. A scanner reads memory that it does not own, and can
/// therefore not be copied out of the call of `scan` that lends it.
package struct JSONScanner: ~Copyable {
    /// The deepest nesting taken unless less is asked for.
    package static let maximumDepth = 512

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private let deepest: Int
    private var depth = 0
    private var isFirst = false

    private init(_ bytes: UnsafeBufferPointer<UInt8>, deepest: Int) {
        self.bytes = bytes
        self.deepest = deepest
    }

    /// Lends a scanner of bytes to `read`, which must read one value; nothing but space may follow it.
    package static func scan<Value>(
        _ bytes: UnsafeRawBufferPointer, deepest: Int = maximumDepth,
        _ read: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        var scanner = JSONScanner(bytes.assumingMemoryBound(to: UInt8.self), deepest: deepest)
        let value = try read(&scanner)
        try scanner.expectEnd()
        return value
    }

    /// Lends a scanner of bytes to `read`, which must read one value; nothing but space may follow it.
    package static func scan<Value>(
        _ bytes: [UInt8], deepest: Int = maximumDepth, _ read: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            try scan(UnsafeRawBufferPointer(bytes), deepest: deepest, read)
        }
    }

    /// The byte at the position; 0, which no JSON has outside of a text, at the end.
    var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

    package mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    mutating func skipSpace() {
        var end = position
        while end < bytes.count {
            let byte = bytes[end]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { break }
            end += 1
        }
        position = end
    }

    package mutating func beginObject() throws(JSONError) { try begin(UInt8(ascii: "{")) }

    /// The name of the object's next field, its value coming next; `nil` after the last, the brace being read.
    package mutating func nextName() throws(JSONError) -> String? {
        guard try hasName() else { return nil }
        let name = try string()
        try expect(UInt8(ascii: ":"))
        return name
    }

    /// Whether a field's name comes next, the position being its quote; if not, the brace has been read.
    mutating func hasName() throws(JSONError) -> Bool {
        guard try hasMore(before: UInt8(ascii: "}")) else { return false }
        guard byte == UInt8(ascii: "\"") else { throw fault("a field name in double quotes") }
        return true
    }

    package mutating func beginArray() throws(JSONError) { try begin(UInt8(ascii: "[")) }

    /// Whether another element comes next; if not, the bracket has been read.
    package mutating func nextElement() throws(JSONError) -> Bool { try hasMore(before: UInt8(ascii: "]")) }

    private mutating func begin(_ open: UInt8) throws(JSONError) {
        skipSpace()
        guard byte == open else { throw fault(Self.quoted(open)) }
        guard depth < deepest else { throw fault("nesting of at most \(deepest) levels") }
        depth += 1
        position += 1
        isFirst = true
    }

    private mutating func hasMore(before close: UInt8) throws(JSONError) -> Bool {
        defer { isFirst = false }
        skipSpace()
        if byte == close {
            position += 1
            depth -= 1
            return false
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else {
                throw fault("\(Self.quoted(UInt8(ascii: ","))) or \(Self.quoted(close))")
            }
            position += 1
            skipSpace()
            guard byte != close else { throw fault("a value after \",\"") }
        }
        return true
    }

    mutating func expect(_ wanted: UInt8) throws(JSONError) {
        skipSpace()
        guard byte == wanted else { throw fault(Self.quoted(wanted)) }
        position += 1
    }

    /// Leaves what follows unread, whatever it is.
    package mutating func leave() { position = bytes.count }

    private mutating func expectEnd() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw fault("the end") }
    }

    private static func quoted(_ byte: UInt8) -> String { "\"\(Character(Unicode.Scalar(byte)))\"" }

    /// The error that something else is expected at the position, or at another.
    func fault(_ expected: String, at place: Int? = nil) -> JSONError {
        let offset = place ?? position
        let found = offset < bytes.count ? String(decoding: bytes[offset...].prefix(12), as: UTF8.self) : nil
        return JSONError(offset: offset, expected: expected, found: found)
    }
}
