/// The directory of a zip archive.
///
/// Source of the format: APPNOTE.TXT 6.3.10 of PKWARE. Archives of several volumes and encrypted ones are refused.
enum ZipDirectory {
    private static let endSignature: UInt32 = 0x0605_4b50
    private static let wideEndSignature: UInt32 = 0x0606_4b50
    private static let wideLocatorSignature: UInt32 = 0x0706_4b50
    private static let localSignature: UInt32 = 0x0403_4b50
    private static let endSize = 22
    private static let wideLocatorSize = 20
    private static let leastEntry = 46

    /// All entries, once it is certain that none comes twice and no two share bytes.
    static func entries(_ bytes: UnsafeRawBufferPointer, file: String) throws(WeightFileError) -> [ZipEntry] {
        let place = try place(bytes, file: file)
        var reader = ByteReader(bytes, file: file)
        _ = try reader.take(place.offset, "directory")
        let limit = UInt64(reader.remaining / leastEntry)
        guard place.count <= limit else {
            throw WeightFileError(
                .truncated, file: file, field: "directory count", found: "\(place.count)",
                expected: "at most \(limit), \(leastEntry) bytes or more each")
        }
        var entries: [ZipEntry] = []
        var names = Set<String>()
        for index in 0..<Int(place.count) {
            let entry = try ZipEntry(&reader, index: index)
            guard names.insert(entry.name).inserted else {
                throw WeightFileError(
                    .invalid, file: file, field: entry.name, found: "the name twice", expected: "it once")
            }
            entries.append(entry)
        }
        return entries
    }

    /// The location of an entry's content.
    static func content(
        of entry: ZipEntry, in bytes: UnsafeRawBufferPointer, file: String
    ) throws(WeightFileError) -> Range<Int> {
        let field = "\(entry.name) local header"
        var reader = ByteReader(bytes, file: file)
        _ = try reader.take(entry.headerOffset, field)
        let signature = try reader.integer(UInt32.self, field)
        guard signature == localSignature else {
            throw WeightFileError(
                .invalid, file: file, field: field, found: "0x" + String(signature, radix: 16),
                expected: "0x\(String(localSignature, radix: 16)) at offset \(entry.headerOffset)")
        }
        _ = try reader.take(22, field)
        let nameLength = try reader.integer(UInt16.self, field)
        let extraLength = try reader.integer(UInt16.self, field)
        _ = try reader.take(UInt64(nameLength) + UInt64(extraLength), field)
        let start = reader.offset
        _ = try reader.take(entry.compressedSize, entry.name)
        return start..<reader.offset
    }

    private static func place(
        _ bytes: UnsafeRawBufferPointer, file: String
    ) throws(WeightFileError) -> (offset: UInt64, count: UInt64) {
        // A comment of up to 65,535 bytes may follow the record.
        let first = max(0, bytes.count - endSize - 65_535)
        var end: Int?
        for offset in stride(from: bytes.count - endSize, through: first, by: -1)
        where UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) == endSignature {
            end = offset
            break
        }
        guard let end else {
            throw WeightFileError(
                .format, file: file, field: "end of directory", found: "no such record", expected: "a zip archive")
        }
        var reader = ByteReader(bytes, file: file)
        _ = try reader.take(UInt64(end) + 4, "end of directory")
        let disks = (
            try reader.integer(UInt16.self, "disk number"), try reader.integer(UInt16.self, "directory disk")
        )
        let countHere = try reader.integer(UInt16.self, "directory count")
        let count = try reader.integer(UInt16.self, "directory count")
        _ = try reader.integer(UInt32.self, "directory size")
        let offset = try reader.integer(UInt32.self, "directory offset")
        if count == .max || offset == .max, let wide = try widePlace(bytes, end: end, file: file) { return wide }
        guard disks == (0, 0), countHere == count else {
            throw WeightFileError(
                .unsupported, file: file, field: "disk number", found: "\(disks.0)", expected: "one volume")
        }
        return (UInt64(offset), UInt64(count))
    }

    /// The contents of the zip64 record, if there is one.
    private static func widePlace(
        _ bytes: UnsafeRawBufferPointer, end: Int, file: String
    ) throws(WeightFileError) -> (offset: UInt64, count: UInt64)? {
        guard end >= wideLocatorSize else { return nil }
        var locator = ByteReader(bytes, file: file)
        _ = try locator.take(UInt64(end - wideLocatorSize), "zip64 locator")
        guard try locator.integer(UInt32.self, "zip64 locator") == wideLocatorSignature else { return nil }
        _ = try locator.integer(UInt32.self, "zip64 locator")
        let offset = try locator.integer(UInt64.self, "zip64 locator")
        var record = ByteReader(bytes, file: file)
        _ = try record.take(offset, "zip64 end of directory")
        let signature = try record.integer(UInt32.self, "zip64 end of directory")
        guard signature == wideEndSignature else {
            throw WeightFileError(
                .invalid, file: file, field: "zip64 end of directory", found: "0x" + String(signature, radix: 16),
                expected: "0x" + String(wideEndSignature, radix: 16))
        }
        _ = try record.take(28, "zip64 end of directory")
        let count = try record.integer(UInt64.self, "directory count")
        _ = try record.integer(UInt64.self, "directory size")
        return (try record.integer(UInt64.self, "directory offset"), count)
    }
}
