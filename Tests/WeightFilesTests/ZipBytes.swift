/// Writes zip archives, right or wrong, field by field.
struct ZipBytes {
    struct Entry {
        var name: String
        var content: [UInt8]
        var flags: UInt16 = 0
        var method: UInt16 = 0
        /// What the directory says, where it is not the truth.
        var size: UInt32?
        var compressedSize: UInt32?
        var checksum: UInt32 = 0
        var offset: UInt32?
        var extra: [UInt8] = []
    }

    var entries: [Entry]
    var count: UInt16?
    var directoryOffset: UInt32?
    var disk: UInt16 = 0
    /// What stands between the directory and its end record.
    var beforeEnd: [UInt8] = []

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let start = UInt32(bytes.count)
            let sizes =
                little(entry.checksum) + little(entry.compressedSize ?? UInt32(entry.content.count))
                + little(entry.size ?? UInt32(entry.content.count))
            let head = little(UInt16(20)) + little(entry.flags) + little(entry.method) + little(UInt32(0)) + sizes
            let name = Array(entry.name.utf8)
            bytes += little(UInt32(0x0403_4b50)) + head + little(UInt16(name.count)) + little(UInt16(0)) + name
            bytes += entry.content
            directory += little(UInt32(0x0201_4b50)) + little(UInt16(20)) + head + little(UInt16(name.count))
            directory += little(UInt16(entry.extra.count)) + little(UInt16(0)) + little(UInt64(0))
            directory += little(entry.offset ?? start) + name + entry.extra
        }
        let start = directoryOffset ?? UInt32(bytes.count)
        bytes += directory + beforeEnd
        bytes += little(UInt32(0x0605_4b50)) + little(disk) + little(UInt16(0))
        bytes += little(count ?? UInt16(entries.count)) + little(count ?? UInt16(entries.count))
        return bytes + little(UInt32(directory.count)) + little(start) + little(UInt16(0))
    }
}

/// The bytes of an array in `.npy` format, by the text of its header.
func npy(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let length = version == 1 ? little(UInt16(header.utf8.count)) : little(UInt32(header.utf8.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
}

/// An array of floats of this shape, as Python would write it.
func npy(shape: String, _ values: [Float]) -> [UInt8] {
    npy(
        "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n", values.flatMap { little($0.bitPattern) })
}

/// Deflated data that is not compressed: one block that is stored.
func deflated(_ bytes: [UInt8]) -> [UInt8] {
    [1] + little(UInt16(bytes.count)) + little(~UInt16(bytes.count)) + bytes
}

/// CRC-32, one bit at a time.
func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = .max
    for byte in bytes {
        value ^= UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    return ~value
}
