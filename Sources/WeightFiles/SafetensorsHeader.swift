import JSONText

/// The JSON header of a safetensors file.
struct SafetensorsHeader {
    private static let longest = 100_000_000

    private(set) var metadata: [String: String] = [:]
    private var entries: [JSONValue.Member] = []
    private let dataStart: Int

    init(_ bytes: UnsafeRawBufferPointer, file: String) throws(WeightFileError) {
        var reader = ByteReader(bytes, file: file)
        let length = try reader.integer(UInt64.self, "header length")
        guard length <= UInt64(min(reader.remaining, Self.longest)) else {
            throw WeightFileError(
                .truncated, file: file, field: "header length", found: "\(length)",
                expected: "at most \(min(reader.remaining, Self.longest)) bytes")
        }
        let text = try reader.take(length, "header")
        guard text.first == UInt8(ascii: "{") else {
            throw WeightFileError(
                .format, file: file, field: "header", found: "no JSON object", expected: "'{' at offset 8")
        }
        dataStart = reader.offset
        let members: [JSONValue.Member]
        do throws(JSONError) {
            members = try JSONValue(json: text, repeatedNames: .kept).object ?? []
        } catch {
            throw WeightFileError(
                .invalid, file: file, field: "header", found: "no JSON at offset \(8 + error.offset): \(error.finding)",
                expected: error.expected)
        }
        var names = Set<String>()
        for member in members {
            guard names.insert(member.key).inserted else {
                throw WeightFileError(
                    .invalid, file: file, field: "tensors[\(member.key)]", found: "the name twice", expected: "it once")
            }
            if member.key == "__metadata__" {
                metadata = try Self.metadata(member.value, file: file)
            } else {
                entries.append(member)
            }
        }
    }

    private static func metadata(_ value: JSONValue, file: String) throws(WeightFileError) -> [String: String] {
        guard let members = value.object else {
            throw WeightFileError(
                .invalid, file: file, field: "__metadata__", found: "no object", expected: "an object of texts")
        }
        var metadata = [String: String](minimumCapacity: members.count)
        for member in members {
            guard let text = member.value.string, metadata.updateValue(text, forKey: member.key) == nil else {
                throw WeightFileError(
                    .invalid, file: file, field: "__metadata__[\(member.key)]", found: "no text, or the key twice",
                    expected: "a text, once")
            }
        }
        return metadata
    }

    /// The tensors, once it is certain that they cover the data without gap or overlap.
    func tensors(in mapping: MappedFile) throws(WeightFileError) -> [String: Tensor] {
        let room = mapping.count - dataStart
        var tensors = [String: Tensor](minimumCapacity: entries.count)
        var extents = [TensorExtent]()
        for entry in entries {
            let (tensor, extent) = try tensor(entry.key, entry.value, room: room, mapping: mapping)
            tensors[entry.key] = tensor
            extents.append(extent)
        }
        try TensorExtent.checkApart(&extents, field: "data_offsets", file: mapping.path)
        var end = 0
        for extent in extents {
            guard extent.start == end else {
                throw WeightFileError(
                    .invalid, file: mapping.path, field: "tensors[\(extent.name)].data_offsets",
                    found: "a start at \(extent.start)", expected: "\(end), the end of the tensor before")
            }
            end = extent.end
        }
        guard end == room else {
            throw WeightFileError(
                .invalid, file: mapping.path, field: "data", found: "\(room) bytes",
                expected: "\(end), the end of the last tensor")
        }
        return tensors
    }

    private func tensor(
        _ name: String, _ value: JSONValue, room: Int, mapping: MappedFile
    ) throws(WeightFileError) -> (Tensor, TensorExtent) {
        func failure(
            _ kind: WeightFileError.Kind, _ field: String, _ found: String, _ expected: String
        ) -> WeightFileError {
            WeightFileError(
                kind, file: mapping.path, field: "tensors[\(name)]\(field)", found: found, expected: expected)
        }
        guard value.object?.count == 3, let typeName = value["dtype"]?.string, let sizes = value["shape"]?.array,
            let places = value["data_offsets"]?.array
        else {
            throw failure(.invalid, "", "other members", "dtype, shape and data_offsets, once each")
        }
        guard let type = TensorType(safetensorsName: typeName) else {
            throw failure(
                .unsupported, ".dtype", typeName, "one of F64, F32, F16, BF16, I8 to I64, U8 to U64, BOOL")
        }
        let shape = sizes.compactMap(\.integer)
        guard shape.count == sizes.count, shape.allSatisfy({ $0 >= 0 }), let byteCount = type.byteCount(shape: shape)
        else {
            throw failure(
                .invalid, ".shape", JSONValue.array(sizes).text, "integers of at least 0 with a product below 2^63")
        }
        let offsets = places.compactMap(\.integer)
        guard places.count == 2, offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
            throw failure(.invalid, ".data_offsets", JSONValue.array(places).text, "[start, end] with 0 ≤ start ≤ end")
        }
        guard offsets[1] <= room else {
            throw failure(
                .truncated, ".data_offsets", "an end at \(offsets[1])", "at most \(room), the end of the file")
        }
        guard offsets[1] - offsets[0] == byteCount,
            let tensor = Tensor(
                name: name, type: type, shape: shape, offset: dataStart + offsets[0], mapping: mapping)
        else {
            throw failure(
                .invalid, ".data_offsets", "\(offsets[1] - offsets[0]) bytes", "\(byteCount), as the shape says")
        }
        return (tensor, TensorExtent(name: name, start: offsets[0], end: offsets[1]))
    }
}
