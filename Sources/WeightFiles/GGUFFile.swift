/// A model file in GGUF, version 2 or 3, little-endian, mapped into memory.
///
/// Source of the format: `docs/gguf.md` of ggml. The file must not be made shorter while it is open: a read past its
/// new end raises SIGBUS, which ends the process. Replace model files by renaming a complete one into place.
public struct GGUFFile: Sendable {
    /// The path of the file.
    public let path: String
    /// The metadata by key.
    public let metadata: [String: GGUFValue]
    /// The tensors by name.
    public let tensors: [String: Tensor]

    /// Opens a file and checks its header: every count, name, type, shape and offset.
    ///
    /// Throws if the file cannot be opened or anything in its header cannot be right.
    public init(path: String) throws(WeightFileError) {
        let mapping = try MappedFile(path: path)
        let header = try mapping.withBytes { bytes throws(WeightFileError) in
            var reader = ByteReader(bytes, file: path)
            return try GGUFHeader(&reader)
        }
        self.path = path
        metadata = header.metadata
        tensors = try header.tensors(in: mapping)
    }
}
