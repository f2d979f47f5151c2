/// The first twenty bytes of a record: they say what it is and where it ends, and have a checksum of their own, so that the
/// next record of a file is found behind a damaged one.
public struct RecordPrelude: Sendable, Hashable {
    /// The bytes that it takes.
    public static let byteCount = 20
    /// The bytes that every record begins with.
    public static let magic: [UInt8] = Array("GLSR".utf8)
    /// The version that is written and read.
    public static let version: UInt16 = 1
    /// The largest record there can be, in bytes.
    public static let largest = Int(UInt32.max)

    /// What the record carries.
    public let kind: RecordKind
    /// The bytes of the whole record, these among them.
    public let size: Int
    /// The checksum of the bytes behind these.
    public let bodyChecksum: UInt32

    /// Reads the first bytes of a record.
    ///
    /// - Throws: `RecordFault` naming the first field that is not as it should be.
    public init(_ bytes: some Collection<UInt8>) throws(RecordFault) {
        let first = Array(bytes.prefix(Self.byteCount))
        var cursor = RecordCursor(first)
        let start = try cursor.take(4, field: "magic").map { UInt8($0) }
        guard start == Self.magic else {
            throw RecordFault(
                .notARecord, field: "magic", found: "\(start.hexadecimal)",
                expected: "\(Self.magic.hexadecimal), the letters GLSR")
        }
        guard first.count == Self.byteCount else {
            throw RecordFault(
                .cutOff, field: "magic", found: "followed by \(first.count - 4) bytes",
                expected: "\(Self.byteCount - 4) more up to the end of `prelude_checksum`")
        }
        let version: UInt16 = try cursor.number(field: "version")
        let kind: UInt8 = try cursor.number(field: "kind")
        let flags: UInt8 = try cursor.number(field: "flags")
        let size: UInt32 = try cursor.number(field: "size")
        bodyChecksum = try cursor.number(field: "body_checksum")
        let checksum: UInt32 = try cursor.number(field: "prelude_checksum")
        let expected = first.withUnsafeBytes { Checksum.of(UnsafeRawBufferPointer(rebasing: $0[..<16])) }
        guard checksum == expected else {
            throw RecordFault(
                .damaged, field: "prelude_checksum", found: checksum.hexadecimal,
                expected: "\(expected.hexadecimal), the CRC-32 of the sixteen bytes before it")
        }
        guard version == Self.version else {
            throw RecordFault(.otherVersion, field: "version", found: "\(version)", expected: "\(Self.version)")
        }
        guard let known = RecordKind(rawValue: kind) else {
            throw RecordFault(.wrongShape, field: "kind", found: "\(kind)", expected: "1 (activations) or 2 (codes)")
        }
        guard flags == 0 else {
            throw RecordFault(.wrongShape, field: "flags", found: "\(flags)", expected: "0")
        }
        guard size >= Self.byteCount else {
            throw RecordFault(.wrongShape, field: "size", found: "\(size)", expected: "at least \(Self.byteCount)")
        }
        self.kind = known
        self.size = Int(size)
    }

    /// The bytes of a record with this body.
    ///
    /// - Throws: `RecordFault` if it would be larger than a record can be.
    static func record(_ kind: RecordKind, body: [UInt8]) throws(RecordFault) -> [UInt8] {
        guard body.count <= largest - byteCount else {
            throw RecordFault(
                .tooLarge, field: "size", found: "\(body.count + byteCount)", expected: "at most \(largest)")
        }
        var writer = RecordWriter(reserving: body.count + byteCount)
        writer.bytes += magic
        writer.number(version)
        writer.number(kind.rawValue)
        writer.number(UInt8(0))
        writer.number(UInt32(body.count + byteCount))
        writer.number(body.withUnsafeBytes(Checksum.of))
        writer.number(writer.bytes.withUnsafeBytes(Checksum.of))
        writer.bytes += body
        return writer.bytes
    }
}

extension Collection<UInt8> {
    /// The bytes as hexadecimal digits.
    var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

extension UInt32 {
    /// The number as hexadecimal digits with `0x` before them.
    var hexadecimal: String { "0x" + String(self, radix: 16) }
}
