package import Hashing

/// Reads the fields of a record one after the other, and nothing outside of it.
///
/// Every size is compared with the bytes that are left before anything of that size is made.
package struct RecordCursor {
    private let bytes: [UInt8]
    package private(set) var offset: Int
    private let end: Int

    /// Starts at an offset of the bytes, which is not beyond their end.
    package init(_ bytes: [UInt8], from offset: Int = 0) {
        self.bytes = bytes
        self.offset = min(offset, bytes.count)
        end = bytes.count
    }

    /// The bytes that are left.
    package var remaining: Int { end - offset }

    /// The bounds of the next `count` elements of `width` bytes each, which are passed over.
    private mutating func range(
        _ count: Int, of width: Int, field: String
    ) throws(RecordFault) -> Range<Int> {
        let (size, overflows) = count.multipliedReportingOverflow(by: width)
        guard count >= 0, !overflows, size <= remaining else {
            let unit = width == 1 ? "bytes" : "elements of \(width) bytes"
            throw RecordFault(
                .wrongShape, field: field, found: "\(count) \(unit)",
                expected: "no more than the \(remaining) bytes that the record has left at byte \(offset)")
        }
        defer { offset += size }
        return offset..<offset + size
    }

    /// The next bytes.
    package mutating func take(_ count: Int, field: String) throws(RecordFault) -> ArraySlice<UInt8> {
        guard count <= remaining else {
            throw RecordFault(
                .cutOff, field: field, found: "cut off after \(remaining) bytes", expected: "\(count) bytes")
        }
        return bytes[try range(count, of: 1, field: field)]
    }

    /// The next number.
    package mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type = Number.self, field: String
    ) throws(RecordFault) -> Number {
        let width = Number.bitWidth / 8
        guard width <= remaining else {
            throw RecordFault(
                .cutOff, field: field, found: "cut off after \(remaining) bytes", expected: "\(width) bytes")
        }
        let place = try range(1, of: width, field: field)
        return bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: place.lowerBound, as: Number.self))
        }
    }

    /// The next `count` numbers.
    package mutating func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
        _ count: Int, field: String
    ) throws(RecordFault) -> [Number] {
        let place = try range(count, of: Number.bitWidth / 8, field: field)
        return bytes.withUnsafeBytes { all in
            [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
                for index in 0..<count {
                    let offset = place.lowerBound + index * (Number.bitWidth / 8)
                    buffer[index] = Number(littleEndian: all.loadUnaligned(fromByteOffset: offset, as: Number.self))
                }
                initialized = count
            }
        }
    }

    /// The next `count` floats, all of which are finite.
    package mutating func floats(_ count: Int, as type: ValueType, field: String) throws(RecordFault) -> [Float] {
        let place = try range(count, of: type.width, field: field)
        let (values, largest) = bytes.withUnsafeBytes {
            type.decode(UnsafeRawBufferPointer(rebasing: $0[place]), count: count)
        }
        guard largest < 0x7f80_0000 else {
            let index = values.firstIndex { !$0.isFinite || abs($0) > type.largest } ?? 0
            throw RecordFault(
                .wrongShape, field: "\(field)[\(index)]", found: "not finite", expected: "a finite \(type)")
        }
        return values
    }

    /// The next hash; `nil` for one of zeros.
    package mutating func digest(field: String) throws(RecordFault) -> Hash128? {
        let text = try take(16, field: field).hexadecimal
        let digest = Hash128(text)
        return digest == Hash128(high: 0, low: 0) ? nil : digest
    }

    /// The next text: its length in two bytes, then so many bytes of UTF-8.
    package mutating func text(field: String) throws(RecordFault) -> String {
        let count = Int(try number(UInt16.self, field: "\(field).length"))
        let start = offset
        guard let text = String(validating: try take(count, field: field), as: UTF8.self) else {
            throw RecordFault(
                .wrongShape, field: field, found: "not UTF-8 at byte \(start)", expected: "\(count) bytes of UTF-8")
        }
        return text
    }

    /// Makes sure that nothing is left.
    package func finish(after field: String) throws(RecordFault) {
        guard remaining == 0 else {
            throw RecordFault(
                .wrongShape, field: "size", found: "\(end)",
                expected: "\(offset), where `\(field)` ends")
        }
    }
}
