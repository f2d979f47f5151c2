/// A number of bytes as people read it, such as `1.5 GiB`; rounded down.
public struct ByteText: CustomStringConvertible, Sendable {
    /// The text.
    public let description: String

    /// Makes the text of a number of bytes.
    public init(_ bytes: some BinaryInteger) {
        let bytes = Int(clamping: bytes)
        switch bytes {
        case ..<(1 << 20): description = "\(bytes / 1024) KiB"
        case ..<(1 << 30): description = "\(bytes >> 20) MiB"
        default: description = "\((Double(bytes >> 20) / 102.4).rounded(.down) / 10) GiB"
        }
    }
}
