package import Hashing

/// Writes the fields of a record one after the other.
package struct RecordWriter {
    package var bytes: [UInt8] = []

    package init(reserving count: Int) { bytes.reserveCapacity(count) }

    /// Adds a number.
    package mutating func number(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Adds a hash, in the order of its printed digits; zeros for none.
    package mutating func digest(_ value: Hash128?) {
        for word in [value?.high ?? 0, value?.low ?? 0] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
    }

    /// Adds a text with its length.
    ///
    /// - Throws: `RecordFault` if it is longer than a record takes.
    package mutating func text(_ value: String, field: String) throws(RecordFault) {
        guard let count = UInt16(exactly: value.utf8.count) else {
            throw RecordFault(
                .tooLarge, field: field, found: "\(value.utf8.count) bytes long", expected: "at most \(UInt16.max)")
        }
        number(count)
        bytes += value.utf8
    }

    /// Adds floats.
    ///
    /// - Throws: `RecordFault` for one that is not finite in that type.
    package mutating func floats(_ values: [Float], as type: ValueType, field: String) throws(RecordFault) {
        for (index, value) in values.enumerated() {
            guard abs(value) <= type.largest else {
                throw RecordFault(
                    .wrongShape, field: "\(field)[\(index)]", found: "\(value)", expected: "a finite \(type)")
            }
            type.append(value, to: &bytes)
        }
    }
}
