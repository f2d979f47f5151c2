public import WeightFiles

/// The reason why a tokenizer could not be read: the file, its field, the value found and the value expected.
public struct TokenizerError: Error, Hashable, CustomStringConvertible {
    /// The kind of fault; stable, safe as a metric label.
    public enum Kind: String, Sendable, Hashable {
        /// The file cannot be opened or is not of its format.
        case file
        /// The machine has no more of something, such as descriptors, or fails.
        case machine
        /// A field is missing or has a value that cannot be right.
        case invalid
        /// The tokenizer is sound, but of a kind that is not built.
        case unsupported
    }

    /// The kind of fault.
    public let kind: Kind
    /// The path of the file.
    public let file: String
    /// The field of the file, such as `tokenizer.ggml.merges`.
    public let field: String
    /// The value found there.
    public let found: String
    /// The value expected.
    public let expected: String

    /// Makes an error.
    public init(_ kind: Kind, file: String, field: String, found: String, expected: String) {
        self.kind = kind
        self.file = file
        self.field = field
        self.found = found
        self.expected = expected
    }

    /// Makes an error of what went wrong below.
    public init(_ error: WeightFileError) {
        let kind: Kind =
            switch error.kind {
            case .unsupported: .unsupported
            case .machine: .machine
            case .file, .format, .truncated, .invalid, .request: .file
            }
        self.init(
            kind, file: error.file, field: error.field, found: error.found,
            expected: error.expected)
    }

    /// One line with all of it; control characters and long values of the file are made harmless.
    public var description: String {
        WeightFileError(.invalid, file: file, field: field, found: found, expected: expected).description
    }
}
