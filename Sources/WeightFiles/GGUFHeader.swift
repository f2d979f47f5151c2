/// The header before the tensor data of a GGUF file.
struct GGUFHeader {
    /// A tensor as the file announces it.
    struct Announcement {
        let name: String
        let type: TensorType
        let shape: [Int]
        /// Bytes from the start of the tensor data.
        let offset: UInt64
    }

    private static let magic: UInt32 = 0x4655_4747
    /// A key's length, one byte of type and four of value are the least an entry takes.
    private static let leastEntry = 13
    /// A name's length, the number of dimensions, a type and an offset are the least a tensor takes.
    private static let leastTensor = 24
    private static let mostDimensions = 4
    private static let largestAlignment = 1 << 24

    private(set) var metadata: [String: GGUFValue] = [:]
    private var announcements: [Announcement] = []
    private var dataStart = 0

    init(_ reader: inout ByteReader) throws(WeightFileError) {
        let magic = try reader.integer(UInt32.self, "magic")
        guard magic == Self.magic else {
            throw WeightFileError(
                .format, file: reader.file, field: "magic", found: "0x" + String(magic, radix: 16),
                expected: "0x\(String(Self.magic, radix: 16)) (GGUF)")
        }
        let version = try reader.integer(UInt32.self, "version")
        guard version == 2 || version == 3 else {
            let isBigEndian = version.byteSwapped == 2 || version.byteSwapped == 3
            throw WeightFileError(
                .unsupported, file: reader.file, field: "version",
                found: isBigEndian ? "\(version.byteSwapped), big-endian" : "\(version)",
                expected: "2 or 3, little-endian")
        }
        let tensorCount = try reader.count(of: Self.leastTensor, "tensor_count")
        let entryCount = try reader.count(of: Self.leastEntry, "metadata_kv_count")
        metadata.reserveCapacity(entryCount)
        for index in 0..<entryCount {
            let key = try reader.text("metadata key \(index)")
            let value = try GGUFValue.read(&reader, key: key)
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw WeightFileError(
                    .invalid, file: reader.file, field: "metadata[\(key)]", found: "the key twice", expected: "it once")
            }
        }
        announcements.reserveCapacity(tensorCount)
        for index in 0..<tensorCount { announcements.append(try Self.announcement(&reader, index)) }
        let alignment = try alignment(file: reader.file)
        // The file's length bounds the offset far below overflow.
        dataStart = (reader.offset + alignment - 1) / alignment * alignment
        if tensorCount == 0 { dataStart = min(dataStart, reader.bytes.count) }
    }

    private static func announcement(
        _ reader: inout ByteReader, _ index: Int
    ) throws(WeightFileError) -> Announcement {
        let name = try reader.text("tensor name \(index)")
        let dimensions = try reader.integer(UInt32.self, "tensors[\(name)].n_dimensions")
        guard dimensions <= mostDimensions else {
            throw WeightFileError(
                .invalid, file: reader.file, field: "tensors[\(name)].n_dimensions", found: "\(dimensions)",
                expected: "at most \(mostDimensions)")
        }
        var shape = [Int]()
        for dimension in 0..<dimensions {
            let size = try reader.integer(UInt64.self, "tensors[\(name)].dimensions[\(dimension)]")
            guard let size = Int(exactly: size) else {
                throw WeightFileError(
                    .invalid, file: reader.file, field: "tensors[\(name)].dimensions[\(dimension)]", found: "\(size)",
                    expected: "at most \(Int.max)")
            }
            shape.append(size)
        }
        let code = try reader.integer(UInt32.self, "tensors[\(name)].type")
        guard let type = TensorType(ggmlType: code) else {
            throw WeightFileError(
                .unsupported, file: reader.file, field: "tensors[\(name)].type", found: "ggml type \(code)",
                expected: "F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to Q6_K, MXFP4 or an integer type")
        }
        let offset = try reader.integer(UInt64.self, "tensors[\(name)].offset")
        // The file lists the fastest-varying dimension first.
        return Announcement(name: name, type: type, shape: shape.reversed(), offset: offset)
    }

    private func alignment(file: String) throws(WeightFileError) -> Int {
        guard let value = metadata["general.alignment"] else { return 32 }
        guard let alignment = value.integer, alignment > 0, alignment <= Self.largestAlignment,
            alignment.nonzeroBitCount == 1
        else {
            throw WeightFileError(
                .invalid, file: file, field: "metadata[general.alignment]", found: "\(value)",
                expected: "a power of two up to \(Self.largestAlignment)")
        }
        return alignment
    }

    /// The tensors, once it is certain that all lie within the file, aligned and apart.
    func tensors(in mapping: MappedFile) throws(WeightFileError) -> [String: Tensor] {
        let alignment = try alignment(file: mapping.path)
        var tensors = [String: Tensor](minimumCapacity: announcements.count)
        var extents = [TensorExtent]()
        for announcement in announcements {
            let field = "tensors[\(announcement.name)]"
            guard announcement.offset % UInt64(alignment) == 0 else {
                throw WeightFileError(
                    .invalid, file: mapping.path, field: field + ".offset", found: "\(announcement.offset)",
                    expected: "a multiple of the alignment, \(alignment)")
            }
            let room = max(0, mapping.count - dataStart)
            guard let byteCount = announcement.type.byteCount(shape: announcement.shape) else {
                throw WeightFileError(
                    .invalid, file: mapping.path, field: field + ".shape", found: "\(announcement.shape)",
                    expected: "rows of whole blocks of \(announcement.type.valuesPerBlock) and a size below 2^63")
            }
            guard let offset = Int(exactly: announcement.offset), offset <= room, byteCount <= room - offset,
                let tensor = Tensor(
                    name: announcement.name, type: announcement.type, shape: announcement.shape,
                    offset: dataStart + offset, mapping: mapping)
            else {
                throw WeightFileError(
                    .truncated, file: mapping.path, field: field + ".offset",
                    found: "\(byteCount) bytes from \(announcement.offset)",
                    expected: "all within the \(room) bytes of tensor data")
            }
            guard tensors.updateValue(tensor, forKey: announcement.name) == nil else {
                throw WeightFileError(
                    .invalid, file: mapping.path, field: field, found: "the name twice", expected: "it once")
            }
            extents.append(TensorExtent(name: announcement.name, start: offset, end: offset + byteCount))
        }
        try TensorExtent.checkApart(&extents, field: "offset", file: mapping.path)
        return tensors
    }
}
