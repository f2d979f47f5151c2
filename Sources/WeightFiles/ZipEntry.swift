/// A file within a zip archive, as the archive's directory describes it.
struct ZipEntry {
    let name: String
    /// How it is compressed: 0 not at all, 8 by deflate.
    let method: UInt16
    let checksum: UInt32
    let compressedSize: UInt64
    let size: UInt64
    /// The offset at which its local header starts.
    let headerOffset: UInt64

    static let stored: UInt16 = 0
    static let deflated: UInt16 = 8

    private static let signature: UInt32 = 0x0201_4b50
    private static let wide: UInt32 = 0xffff_ffff

    /// Reads one entry of the directory.
    init(_ reader: inout ByteReader, index: Int) throws(WeightFileError) {
        let field = "directory entry \(index)"
        let signature = try reader.integer(UInt32.self, field)
        guard signature == Self.signature else {
            throw WeightFileError(
                .invalid, file: reader.file, field: field, found: "0x" + String(signature, radix: 16),
                expected: "0x" + String(Self.signature, radix: 16))
        }
        _ = try reader.take(4, field)
        let flags = try reader.integer(UInt16.self, field)
        method = try reader.integer(UInt16.self, field)
        _ = try reader.take(4, field)
        checksum = try reader.integer(UInt32.self, field)
        let compressed = try reader.integer(UInt32.self, field)
        let uncompressed = try reader.integer(UInt32.self, field)
        let nameLength = try reader.integer(UInt16.self, field)
        let extraLength = try reader.integer(UInt16.self, field)
        let commentLength = try reader.integer(UInt16.self, field)
        _ = try reader.take(8, field)
        let offset = try reader.integer(UInt32.self, field)
        let nameBytes = try reader.take(UInt64(nameLength), field)
        let extra = try reader.take(UInt64(extraLength), field)
        _ = try reader.take(UInt64(commentLength), field)
        guard let name = String(validating: nameBytes.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
            throw WeightFileError(
                .invalid, file: reader.file, field: field + " name", found: "bytes that are not UTF-8",
                expected: "UTF-8")
        }
        guard flags & 1 == 0 else {
            throw WeightFileError(
                .unsupported, file: reader.file, field: "\(name) flags", found: "encrypted", expected: "not encrypted")
        }
        guard method == Self.stored || method == Self.deflated else {
            throw WeightFileError(
                .unsupported, file: reader.file, field: "\(name) compression", found: "method \(method)",
                expected: "0 (stored) or 8 (deflate)")
        }
        self.name = name
        var sizes = try Self.wideSizes(extra, file: reader.file, name: name)[...]
        func widened(_ value: UInt32, _ what: String) throws(WeightFileError) -> UInt64 {
            guard value == Self.wide else { return UInt64(value) }
            guard let wide = sizes.popFirst() else {
                throw WeightFileError(
                    .invalid, file: reader.file, field: "\(name) \(what)", found: "no 64-bit value",
                    expected: "one in the zip64 field")
            }
            return wide
        }
        size = try widened(uncompressed, "size")
        compressedSize = try widened(compressed, "compressed size")
        headerOffset = try widened(offset, "offset")
    }

    /// The 64-bit values of the extra field with id 1, in their order: those of the values that do not fit 32 bits.
    private static func wideSizes(
        _ extra: UnsafeRawBufferPointer, file: String, name: String
    ) throws(WeightFileError) -> [UInt64] {
        var reader = ByteReader(extra, file: file)
        let field = "\(name) extra field"
        while reader.remaining >= 4 {
            let id = try reader.integer(UInt16.self, field)
            let length = try reader.integer(UInt16.self, field)
            var content = ByteReader(try reader.take(UInt64(length), field), file: file)
            guard id == 1 else { continue }
            var values: [UInt64] = []
            while content.remaining >= 8 { values.append(try content.integer(UInt64.self, field)) }
            return values
        }
        return []
    }
}
