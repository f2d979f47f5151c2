/// The reason why bytes are no record that can be used: what stands where, and what was expected there.
public struct RecordFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault, by the word that dead letters carry; safe as a metric label.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The bytes do not begin like a record.
        case notARecord = "not-a-record"
        /// A checksum does not fit.
        case damaged
        /// The bytes end before the record does.
        case cutOff = "cut-off"
        /// The record is of a version that this Gloss does not read.
        case otherVersion = "other-version"
        /// A field holds what it may not hold.
        case wrongShape = "wrong-shape"
        /// The record is sound, but of another model, hookpoint, width or coder than is read here.
        case foreign
        /// A token id that the subject's tokenizer does not have.
        case tokenOutOfRange = "token-out-of-range"
        /// The record is larger than is taken.
        case tooLarge = "too-large"

        /// Whether the bytes began as a record of this version and are none any more: something that was written is lost.
        public var isLoss: Bool {
            switch self {
            case .damaged, .cutOff, .wrongShape: true
            case .notARecord, .otherVersion, .foreign, .tokenOutOfRange, .tooLarge: false
            }
        }
    }

    /// The kind of fault.
    public let code: Code
    /// The field at fault, by its name in the format's description.
    public let field: String
    /// What stands there.
    public let found: String
    /// What was expected.
    public let expected: String

    /// Makes a fault.
    public init(_ code: Code, field: String, found: String, expected: String) {
        self.code = code
        self.field = field
        self.found = found
        self.expected = expected
    }

    /// The fault in one sentence.
    public var description: String { "The field `\(field)` is \(found), expected \(expected)." }
}
