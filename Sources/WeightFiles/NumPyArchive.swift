/// An archive of arrays as NumPy's `savez` and `savez_compressed` write it: a zip archive of `.npy` files.
///
/// Arrays that are stored stay in the mapped file, which must not be made shorter while it is open (see `SafetensorsFile`); those that
/// are compressed are unpacked into memory when the archive is opened. Checksums of the latter are checked.
public struct NumPyArchive: Sendable {
    /// The path of the file.
    public let path: String
    /// The arrays by name, without the ending `.npy`.
    public let arrays: [String: Tensor]

    /// Opens an archive and checks its directory and the header of every array.
    ///
    /// Throws if the file cannot be opened or anything in a header cannot be right: an entry outside the file or over
    /// another, a size that is not that of the array, arrays that take more than 64 times the size of the file and 1
    /// MiB unpacked, a type that is not a number.
    public init(path: String) throws(WeightFileError) {
        let mapping = try MappedFile(path: path)
        self.path = path
        arrays = try mapping.withBytes { bytes throws(WeightFileError) in
            try GitPointer.check(bytes, file: path)
            var arrays: [String: Tensor] = [:]
            var extents: [TensorExtent] = []
            var budget = Inflation.most(fileSize: bytes.count)
            for entry in try ZipDirectory.entries(bytes, file: path) {
                guard entry.name.hasSuffix(".npy") else {
                    throw WeightFileError(
                        .unsupported, file: path, field: entry.name, found: "another file",
                        expected: "only files that end in .npy")
                }
                let place = try ZipDirectory.content(of: entry, in: bytes, file: path)
                extents.append(TensorExtent(name: entry.name, start: place.lowerBound, end: place.upperBound))
                let name = String(entry.name.dropLast(4))
                let content = UnsafeRawBufferPointer(rebasing: bytes[place])
                arrays[name] =
                    entry.method == ZipEntry.stored
                    ? try Self.stored(entry, name: name, at: place, in: mapping, content)
                    : try Self.unpacked(entry, name: name, content, budget: &budget, path: path)
            }
            try TensorExtent.checkApart(&extents, field: "offset", file: path)
            return arrays
        }
    }

    private static func stored(
        _ entry: ZipEntry, name: String, at place: Range<Int>, in mapping: MappedFile, _ content: UnsafeRawBufferPointer
    ) throws(WeightFileError) -> Tensor {
        guard entry.size == entry.compressedSize else {
            throw WeightFileError(
                .invalid, file: mapping.path, field: "\(entry.name) size", found: "\(entry.size)",
                expected: "\(entry.compressedSize), as it is stored")
        }
        return try tensor(name, content, at: place.lowerBound, in: mapping)
    }

    private static func unpacked(
        _ entry: ZipEntry, name: String, _ content: UnsafeRawBufferPointer, budget: inout UInt64, path: String
    ) throws(WeightFileError) -> Tensor {
        guard entry.size <= budget, let size = Int(exactly: entry.size) else {
            throw WeightFileError(
                .invalid, file: path, field: "\(entry.name) size",
                found: "\(entry.size) bytes out of \(entry.compressedSize)",
                expected: "at most \(budget), for the size of the file")
        }
        budget -= entry.size
        let pages = try MappedFile(unpacked: size, of: path) { target throws(WeightFileError) in
            try Inflation.fill(target, from: content, name: entry.name, file: path)
            let checksum = Inflation.checksum(UnsafeRawBufferPointer(target))
            guard checksum == entry.checksum else {
                throw WeightFileError(
                    .invalid, file: path, field: "\(entry.name) checksum", found: "\(checksum)",
                    expected: "\(entry.checksum)")
            }
        }
        return try pages.withBytes { bytes throws(WeightFileError) in
            try tensor(name, UnsafeRawBufferPointer(rebasing: bytes[..<size]), at: 0, in: pages)
        }
    }

    private static func tensor(
        _ name: String, _ content: UnsafeRawBufferPointer, at offset: Int, in mapping: MappedFile
    ) throws(WeightFileError) -> Tensor {
        let header = try NumPyHeader(content, name: name, file: mapping.path)
        let room = content.count - header.dataStart
        guard header.type.byteCount(shape: header.shape) == room,
            let tensor = Tensor(
                name: name, type: header.type, shape: header.shape, offset: offset + header.dataStart, mapping: mapping)
        else {
            throw WeightFileError(
                .truncated, file: mapping.path, field: "\(name) shape", found: "\(room) bytes of values",
                expected: "those of \(header.shape) \(header.type.rawValue)")
        }
        return tensor
    }
}
