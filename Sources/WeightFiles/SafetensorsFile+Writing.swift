import Glibc
import JSONText

extension SafetensorsFile {
    /// Writes tensors of 32-bit floats, in the given order, to a file that appears only when it is complete.
    ///
    /// The values go to `PATH.partial` first, which is then renamed. Throws if a name comes twice or is reserved, a
    /// shape does not fit its values, or the file cannot be written.
    public static func write(
        _ tensors: [(name: String, shape: [Int], values: [Float])], to path: String
    ) throws(WeightFileError) {
        let header = try header(of: tensors, path: path)
        let partial = path + ".partial"
        guard let file = fopen(partial, "wbe") else { throw failure(partial, "open", errno) }
        var code: Int32 = 0
        func put(_ bytes: UnsafeRawBufferPointer) {
            guard code == 0, let start = bytes.baseAddress else { return }
            errno = 0
            if fwrite(start, 1, bytes.count, file) != bytes.count { code = errno == 0 ? EIO : errno }
        }
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { put($0) }
        header.withUnsafeBytes { put($0) }
        for tensor in tensors { tensor.values.withUnsafeBytes { put($0) } }
        if fclose(file) != 0, code == 0 { code = errno }
        if code == 0, rename(partial, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(partial)
            throw failure(path, "write", code)
        }
    }

    private static func failure(_ path: String, _ action: String, _ code: Int32) -> WeightFileError {
        let refusal = SystemRefusal(code)
        return WeightFileError(
            refusal.isOfTheMachine ? .machine : .file, file: path, field: "file",
            found: "\(refusal.reason), on trying to \(action) it", expected: "a place to write to")
    }

    /// The header's JSON, with spaces after it so that the data starts at a multiple of eight bytes.
    private static func header(
        of tensors: [(name: String, shape: [Int], values: [Float])], path: String
    ) throws(WeightFileError) -> [UInt8] {
        var members: [JSONValue.Member] = []
        var names: Set = ["__metadata__"]
        var offset = 0
        for tensor in tensors {
            guard names.insert(tensor.name).inserted else {
                throw WeightFileError(
                    .request, file: path, field: "tensors[\(tensor.name)]", found: "a name used before",
                    expected: "one name per tensor, none of them __metadata__")
            }
            let byteCount = 4 * tensor.values.count
            guard TensorType.f32.byteCount(shape: tensor.shape) == byteCount else {
                throw WeightFileError(
                    .request, file: path, field: "tensors[\(tensor.name)].shape", found: "\(tensor.shape)",
                    expected: "a shape of \(tensor.values.count) values")
            }
            let extent = [offset, offset + byteCount]
            members.append(
                (
                    tensor.name,
                    .object([
                        ("dtype", .string("F32")), ("shape", .array(tensor.shape.map(JSONValue.integer))),
                        ("data_offsets", .array(extent.map(JSONValue.integer))),
                    ])
                ))
            offset += byteCount
        }
        let bytes = Array(JSONValue.object(members).text.utf8)
        return bytes + [UInt8](repeating: 0x20, count: (8 - bytes.count % 8) % 8)
    }
}
