/// The header of an array in NumPy's `.npy` format, version 1 to 3.
///
/// Source: `numpy/lib/format.py`. The header is the text of a Python dictionary with `descr`, `fortran_order` and `shape`.
struct NumPyHeader {
    let type: TensorType
    let shape: [Int]
    /// The offset at which the values start.
    let dataStart: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// More than enough for any array; NumPy refuses headers above 10,000.
    private static let longest: UInt64 = 10_000
    private static let mostDimensions = 8

    /// Reads the header of the array of a name.
    init(_ bytes: UnsafeRawBufferPointer, name: String, file: String) throws(WeightFileError) {
        var reader = ByteReader(bytes, file: file)
        let magic = try reader.take(6, "\(name) magic")
        guard magic.elementsEqual(Self.magic) else {
            throw WeightFileError(
                .format, file: file, field: "\(name) magic", found: "other bytes", expected: "\\x93NUMPY")
        }
        let version = try reader.integer(UInt8.self, "\(name) version")
        _ = try reader.integer(UInt8.self, "\(name) version")
        guard (1...3).contains(version) else {
            throw WeightFileError(
                .unsupported, file: file, field: "\(name) version", found: "\(version)", expected: "1 to 3")
        }
        let length =
            version == 1
            ? UInt64(try reader.integer(UInt16.self, "\(name) header length"))
            : UInt64(try reader.integer(UInt32.self, "\(name) header length"))
        guard length <= Self.longest else {
            throw WeightFileError(
                .invalid, file: file, field: "\(name) header length", found: "\(length)",
                expected: "at most \(Self.longest)")
        }
        var fields = NumPyDictionary(try reader.take(length, "\(name) header"), name: name, file: file)
        try fields.read()
        dataStart = reader.offset
        let type = fields.type.flatMap { Self.types[$0] }
        guard let type else {
            throw WeightFileError(
                .unsupported, file: file, field: "\(name) descr", found: fields.type ?? "nothing",
                expected: "one of " + Self.types.keys.sorted().joined(separator: ", "))
        }
        guard let shape = fields.shape, shape.count <= Self.mostDimensions, type.byteCount(shape: shape) != nil else {
            throw WeightFileError(
                .invalid, file: file, field: "\(name) shape",
                found: fields.shape.map { "\($0)" } ?? "nothing",
                expected: "at most \(Self.mostDimensions) sizes with a product below 2^63")
        }
        guard fields.isFortranOrder == false else {
            throw WeightFileError(
                .unsupported, file: file, field: "\(name) fortran_order",
                found: fields.isFortranOrder == nil ? "nothing" : "True",
                expected: "False; save numpy.ascontiguousarray of it")
        }
        self.type = type
        self.shape = shape
    }

    private static let types: [String: TensorType] = [
        "<f8": .f64, "<f4": .f32, "<f2": .f16, "|i1": .i8, "<i2": .i16, "<i4": .i32, "<i8": .i64, "|u1": .u8,
        "<u2": .u16, "<u4": .u32, "<u8": .u64, "|b1": .boolean,
    ]
}
