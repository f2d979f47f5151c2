/// Checks whether bytes are UTF-8, and finds the first that are not.
enum UTF8Check {
    static func check(_ bytes: [UInt8]) throws(Fault) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let offset = error.byteOffsets.lowerBound
            let byte = bytes.indices.contains(offset) ? String(bytes[offset], radix: 16) : "?"
            throw Fault(.notUTF8, "The value is not UTF-8: byte 0x\(byte) at offset \(offset).")
        }
    }
}
