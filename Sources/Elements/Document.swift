public import Dataflow

/// One record of the corpus: a text or a list of token ids, with where and when it came from.
public struct Document: Sendable, Hashable {
    /// The content of a document.
    public enum Content: Sendable, Hashable {
        /// A text, still to be tokenised.
        case text(String)
        /// Token ids of the subject model.
        case tokens([UInt32])
    }

    /// Where the record stands in its source.
    public let position: RecordPosition
    /// The record's time, in milliseconds since 1970.
    public let timestamp: Int64
    /// The document's own id, if it has one.
    public let id: String?
    /// The name of the collection it is from, if it says.
    public let source: String?
    /// Its text or tokens.
    public let content: Content
    /// Where its partition stands once it is counted, wholly or in part; `nil` outside a run.
    public var place: DocumentPlace?

    /// Makes a document.
    public init(position: RecordPosition, timestamp: Int64, id: String?, source: String?, content: Content) {
        self.position = position
        self.timestamp = timestamp
        self.id = id
        self.source = source
        self.content = content
    }
}

/// Documents on their way to the tokenizer.
public struct DocumentBatch: Sendable, Weighed {
    /// The documents, in the order of their source.
    public let documents: [Document]
    /// Where partitions stand after it, if something of them gives no context; empty if barriers come from the source.
    public let reached: [Fence]
    /// The weight of the batch in bytes.
    public let byteCount: Int
    /// The number of documents.
    public var elementCount: Int { documents.count }

    /// Makes a batch and weighs it.
    public init(documents: [Document], reached: [Fence] = []) {
        self.documents = documents
        self.reached = reached
        byteCount = documents.reduce(0) { sum, document in
            switch document.content {
            case .text(let text): sum + text.utf8.count + 128
            case .tokens(let tokens): sum + 4 * tokens.count + 128
            }
        }
    }
}

/// A record that cannot be used, with the reason.
public struct DeadLetter: Sendable, Hashable {
    /// Where the record stands in its source.
    public let position: RecordPosition
    /// The id of the node that refused it.
    public let node: String
    /// A short, stable word for the kind of fault, such as `not-utf8`; safe as a metric label.
    public let code: String
    /// A description of what is wrong, for a person.
    public let reason: String
    /// The record's value, cut to at most `keptBytes`.
    public let value: [UInt8]

    /// The most bytes that are kept of a record's value: 64 KiB.
    public static let keptBytes = 65_536

    /// Makes a dead letter.
    public init(position: RecordPosition, node: String, code: String, reason: String, value: [UInt8]) {
        self.position = position
        self.node = node
        self.code = code
        self.reason = reason
        self.value = Array(value.prefix(Self.keptBytes))
    }
}
