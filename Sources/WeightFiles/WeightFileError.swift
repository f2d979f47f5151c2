/// Why a weight file could not be read or written: which file, which field of it, what was found and what was expected.
public struct WeightFileError: Error, Hashable, CustomStringConvertible {
    /// The kind of fault; stable, safe as a metric label.
    public enum Kind: String, Sendable, Hashable {
        /// The file cannot be opened, mapped or written.
        case file
        /// The machine has no more of something, such as descriptors or room on the disk, or fails.
        case machine
        /// The file is not of the format that was asked for.
        case format
        /// The file ends before what it announces.
        case truncated
        /// A field has a value that cannot be right.
        case invalid
        /// The file is sound, but uses something that is not built.
        case unsupported
        /// The caller asked for something that the file does not have.
        case request
    }

    /// The kind of fault.
    public let kind: Kind
    /// The path of the file.
    public let file: String
    /// The field of the file, such as `tensors[blk.0.attn_q.weight].offset`.
    public let field: String
    /// The value that was found there.
    public let found: String
    /// The value that would have been right.
    public let expected: String

    /// Makes an error.
    public init(_ kind: Kind, file: String, field: String, found: String, expected: String) {
        self.kind = kind
        self.file = file
        self.field = field
        self.found = found
        self.expected = expected
    }

    /// One line with all of it; control characters and long values of the file are made harmless.
    public var description: String {
        func harmless(_ text: String) -> String {
            let shown = String(
                text.unicodeScalars.prefix(200).map {
                    $0.properties.generalCategory == .control ? "\u{FFFD}" : Character($0)
                })
            return text.unicodeScalars.count > 200 ? shown + "…" : shown
        }
        return "\(harmless(file)): \(harmless(field)): found \(harmless(found)), expected \(harmless(expected))"
    }
}
