/// What stands behind a record's first bytes.
enum RecordBody {
    /// A cursor at the body of a whole record of a kind, whose checksums fit.
    static func open(_ bytes: [UInt8], as kind: RecordKind) throws(RecordFault) -> RecordCursor {
        let prelude = try RecordPrelude(bytes)
        guard prelude.kind == kind else {
            throw RecordFault(
                .foreign, field: "kind", found: "\(prelude.kind.rawValue) (\(prelude.kind))",
                expected: "\(kind.rawValue) (\(kind))")
        }
        guard bytes.count >= prelude.size else {
            throw RecordFault(
                .cutOff, field: "size", found: "\(prelude.size), but there are \(bytes.count) bytes",
                expected: "as many bytes as it says")
        }
        guard bytes.count == prelude.size else {
            throw RecordFault(
                .wrongShape, field: "size", found: "\(prelude.size), but there are \(bytes.count) bytes",
                expected: "one record and nothing behind it")
        }
        let checksum = bytes.withUnsafeBytes {
            Checksum.of(UnsafeRawBufferPointer(rebasing: $0[RecordPrelude.byteCount...]))
        }
        guard checksum == prelude.bodyChecksum else {
            throw RecordFault(
                .damaged, field: "body_checksum", found: prelude.bodyChecksum.hexadecimal,
                expected:
                    "\(checksum.hexadecimal), the CRC-32 of what follows the first \(RecordPrelude.byteCount) bytes")
        }
        return RecordCursor(bytes, from: RecordPrelude.byteCount)
    }
}
