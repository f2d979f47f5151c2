/// A file in the safetensors format, mapped into memory.
///
/// Source of the format: the README of huggingface/safetensors. As in the reference implementation, tensors must cover
/// the data without gap or overlap. Tensors need not be aligned. The file must not be made shorter while it is open: a
/// read past its new end raises SIGBUS, which ends the process. Replace weight files by renaming a complete one into
/// place.
public struct SafetensorsFile: Sendable {
    /// The path of the file.
    public let path: String
    /// The tensors by name.
    public let tensors: [String: Tensor]
    /// The texts under `__metadata__`.
    public let metadata: [String: String]

    /// Opens a file and checks its header: every name, type, shape and offset.
    ///
    /// Throws if the file cannot be opened or anything in its header cannot be right.
    public init(path: String) throws(WeightFileError) {
        let mapping = try MappedFile(path: path)
        let header = try mapping.withBytes { bytes throws(WeightFileError) in
            try GitPointer.check(bytes, file: path)
            return try SafetensorsHeader(bytes, file: path)
        }
        self.path = path
        metadata = header.metadata
        tensors = try header.tensors(in: mapping)
    }
}
