public import Elements

/// Turns raw records into documents; a record that cannot be used becomes a dead letter with its reason.
public struct RecordDecoder: Sendable {
    /// The outcome for one record.
    public enum Decoded: Sendable, Hashable {
        /// The record is a document.
        case document(Document)
        /// The record cannot be used.
        case deadLetter(DeadLetter)
    }

    /// Every code that a dead letter of this decoder can carry.
    public static var codes: [String] { Fault.Code.allCases.map(\.rawValue) }

    /// The mark that some programs put before a text in UTF-8, and that is no part of it.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    private let format: RecordFormat
    private let node: String
    private let maximumBytes: Int
    private let tokens: TokenRange

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - format: How values are to be read.
    ///   - node: The id of the source node, named in dead letters.
    ///   - maximumBytes: The largest value taken, in bytes.
    ///   - vocabulary: The number of token ids of the subject model; `nil` takes any 32-bit id.
    public init(format: RecordFormat, node: String, maximumBytes: Int, vocabulary: Int? = nil) {
        self.format = format
        self.node = node
        self.maximumBytes = maximumBytes
        tokens = TokenRange(vocabulary: vocabulary)
    }

    /// Decodes one record.
    ///
    /// A missing `id` is replaced by the record's key, if that is UTF-8.
    public func decode(_ record: RawRecord) -> Decoded {
        do throws(Fault) {
            let fields = try fields(of: record)
            return .document(
                Document(
                    position: record.position, timestamp: record.timestamp, id: fields.id ?? name(from: record.key),
                    source: fields.source, content: fields.content))
        } catch {
            return .deadLetter(
                DeadLetter(
                    position: record.position, node: node, code: error.code.rawValue, reason: error.reason,
                    value: record.value ?? []))
        }
    }

    private func fields(of record: RawRecord) throws(Fault) -> DocumentFields {
        guard let value = record.value else { throw Fault(.nullValue, "The record's value is null.") }
        guard record.valueSize <= maximumBytes, value.count == record.valueSize else {
            throw Fault(
                .tooLarge, "The value is \(record.valueSize) bytes long; at most \(maximumBytes) are taken.")
        }
        guard !value.isEmpty else { throw Fault(.empty, "The value has no bytes.") }
        switch format {
        case .text:
            try UTF8Check.check(value)
            let text = value.starts(with: Self.byteOrderMark) ? value.dropFirst(Self.byteOrderMark.count) : value[...]
            guard !text.isEmpty else { throw Fault(.empty, "The value has nothing but a byte order mark.") }
            return DocumentFields(content: .text(String(decoding: text, as: UTF8.self)))
        case .json: return try DocumentFields(json: Self.unframed(value), tokens: tokens)
        case .tokens: return DocumentFields(content: .tokens(try tokens.unpack(value)))
        }
    }

    /// The JSON behind the frame that Confluent's serializers put before it: a zero and the four bytes of a schema's number.
    ///
    /// JSON never begins with a zero byte, so nothing else is taken for one.
    private static func unframed(_ value: [UInt8]) -> [UInt8] {
        value.count > 5 && value[0] == 0 ? Array(value.dropFirst(5)) : value
    }

    private func name(from key: [UInt8]?) -> String? {
        guard let key, !key.isEmpty else { return nil }
        return String(validating: key, as: UTF8.self)
    }
}
