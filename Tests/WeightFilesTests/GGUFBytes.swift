/// Writes GGUF bytes, right or wrong, field by field.
struct GGUFBytes {
    struct Announcement {
        var name: String
        var dimensions: [UInt64]
        var type: UInt32
        var offset: UInt64
    }

    var magic: [UInt8] = Array("GGUF".utf8)
    var version: UInt32 = 3
    var tensorCount: UInt64?
    var entryCount: UInt64?
    var entries: [(key: String, value: [UInt8])] = []
    var tensors: [Announcement] = []
    var alignment = 32
    var data: [UInt8] = []

    var bytes: [UInt8] {
        var bytes = magic + little(version)
        bytes += little(tensorCount ?? UInt64(tensors.count)) + little(entryCount ?? UInt64(entries.count))
        for entry in entries { bytes += text(entry.key) + entry.value }
        for tensor in tensors {
            bytes += text(tensor.name) + little(UInt32(tensor.dimensions.count))
            bytes += tensor.dimensions.flatMap { little($0) } + little(tensor.type) + little(tensor.offset)
        }
        bytes += [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
        return bytes + data
    }

    /// One matrix of two rows of four floats.
    static var sound: GGUFBytes {
        var file = GGUFBytes()
        file.entries = [("general.architecture", little(UInt32(8)) + text("llama"))]
        file.tensors = [Announcement(name: "weight", dimensions: [4, 2], type: 0, offset: 0)]
        file.data = (0..<8).flatMap { little(Float($0).bitPattern) }
        return file
    }
}

func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

func text(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + Array(text.utf8) }
