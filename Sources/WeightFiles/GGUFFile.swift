/// A model in GGUF, version 2 or 3, little-endian, mapped into memory: one file, or parts of one as `gguf-split` makes them.
///
/// Source of the format: `docs/gguf.md` of ggml. The file must not be made shorter while it is open: a read past its
/// new end raises SIGBUS, which ends the process. Replace model files by renaming a complete one into place.
public struct GGUFFile: Sendable {
    /// The path of the file; of several the first part's.
    public let path: String
    /// The metadata by key; of several files that of the first, which alone has the model's.
    public let metadata: [String: GGUFValue]
    /// The tensors by name.
    public let tensors: [String: Tensor]

    /// Opens a file and checks its header: every count, name, type, shape and offset; of any part of several opens all.
    ///
    /// Throws if a file cannot be opened or anything in its header cannot be right, or a part is missing.
    public init(path: String) throws(WeightFileError) {
        let given = try Self.part(path)
        guard let split = try GGUFSplit(given.metadata, path: path) else {
            self.init(path: path, metadata: given.metadata, tensors: given.tensors)
            return
        }
        var tensors: [String: Tensor] = [:]
        var first: [String: GGUFValue] = [:]
        for number in 0..<split.count {
            let part = number == split.number ? given : try Self.part(split.path(of: number))
            try split.check(part.metadata, number: number)
            if number == 0 { first = part.metadata }
            for (name, tensor) in part.tensors where tensors.updateValue(tensor, forKey: name) != nil {
                throw WeightFileError(
                    .invalid, file: tensor.file, field: "tensors[\(name)]", found: "the name in two parts",
                    expected: "it once")
            }
        }
        try split.check(tensors: tensors.count)
        self.init(path: split.path(of: 0), metadata: first, tensors: tensors)
    }

    private init(path: String, metadata: [String: GGUFValue], tensors: [String: Tensor]) {
        self.path = path
        self.metadata = metadata
        self.tensors = tensors
    }

    private static func part(
        _ path: String
    ) throws(WeightFileError) -> (metadata: [String: GGUFValue], tensors: [String: Tensor]) {
        let mapping = try MappedFile(path: path)
        let header = try mapping.withBytes { bytes throws(WeightFileError) in
            try GitPointer.check(bytes, file: path)
            var reader = ByteReader(bytes, file: path)
            return try GGUFHeader(&reader)
        }
        return (header.metadata, try header.tensors(in: mapping))
    }
}
