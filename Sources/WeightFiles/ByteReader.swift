/// Reads little-endian values one after the other, never beyond the end.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    let file: String
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer, file: String) {
        self.bytes = bytes
        self.file = file
    }

    /// The number of bytes not yet read.
    var remaining: Int { bytes.count - offset }

    /// The next `count` bytes.
    mutating func take(
        _ count: UInt64, _ field: @autoclosure () -> String
    ) throws(WeightFileError) -> UnsafeRawBufferPointer {
        guard count <= UInt64(remaining) else {
            throw WeightFileError(
                .truncated, file: file, field: field(), found: "\(remaining) bytes left at offset \(offset)",
                expected: "\(count) bytes")
        }
        let start = offset
        offset += Int(count)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
    }

    /// The next integer.
    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type, _ field: @autoclosure () -> String
    ) throws(WeightFileError) -> Value {
        let stored = try take(UInt64(MemoryLayout<Value>.size), field())
        return Value(littleEndian: stored.loadUnaligned(as: Value.self))
    }

    /// The next text: its length in eight bytes, then UTF-8.
    mutating func text(_ field: @autoclosure () -> String) throws(WeightFileError) -> String {
        let length = try integer(UInt64.self, field())
        let stored = try take(length, field())
        guard let text = String(validating: stored.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
            throw WeightFileError(
                .invalid, file: file, field: field(), found: "bytes that are not UTF-8", expected: "UTF-8")
        }
        return text
    }

    /// A count of things to come, each of at least `size` bytes: never more than the rest of the file can hold.
    mutating func count(
        of size: Int, _ field: @autoclosure () -> String
    ) throws(WeightFileError) -> Int {
        let count = try integer(UInt64.self, field())
        let limit = remaining / size
        guard count <= UInt64(limit) else {
            throw WeightFileError(
                .truncated, file: file, field: field(), found: "\(count)",
                expected: "at most \(limit), \(size) bytes or more each in the \(remaining) left")
        }
        return Int(count)
    }
}
