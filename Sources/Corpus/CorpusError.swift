/// An error while a corpus is read.
///
/// A single bad record is not among these: it becomes a dead letter.
public enum CorpusError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The operating system refused to open, seek or read.
    case unreadable(path: String, operation: String, reason: String)
    /// The machine has no more of something that reading needs, such as descriptors, or fails.
    case refused(path: String, operation: String, reason: String)
    /// The compressed data cannot be decoded; `offset` counts bytes of the compressed file.
    case corruptGzip(path: String, offset: Int64, reason: String)
    /// The compressed data stops in the middle; `offset` counts bytes of the compressed file.
    case truncatedGzip(path: String, offset: Int64)
    /// Reading is to go on past the end; both numbers count bytes of the uncompressed text.
    case offsetBeyondEnd(path: String, offset: Int64, size: Int64)
    /// Reading is to go on in the middle of a line; the offset counts bytes of the uncompressed text.
    case offsetInsideLine(path: String, offset: Int64)

    /// The fault, its place and its remedy.
    public var description: String {
        switch self {
        case .unreadable(let path, let operation, let reason), .refused(let path, let operation, let reason):
            "\(path): cannot \(operation): \(reason)"
        case .corruptGzip(let path, let offset, let reason):
            "\(path): corrupt gzip data near byte \(offset) of the compressed file: \(reason). Copy or download it again."
        case .truncatedGzip(let path, let offset):
            "\(path): the gzip data stops in the middle, at byte \(offset) of the compressed file. Copy or download it again."
        case .offsetBeyondEnd(let path, let offset, let size):
            "\(path): cannot go on at byte \(offset): the text ends at byte \(size). "
                + "The file is not the one that was read before, or it was cut."
        case .offsetInsideLine(let path, let offset):
            "\(path): cannot go on at byte \(offset): no line starts there. "
                + "The file is not the one that was read before, or it was changed."
        }
    }
}
