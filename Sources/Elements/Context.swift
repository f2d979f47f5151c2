public import Dataflow
public import Hashing

/// A run of at most `context` token ids of one document: what one forward pass sees.
public struct Context: Sendable, Hashable {
    /// The token ids; the first context of a document starts with the model's BOS if the topology asks for one.
    public let tokens: [UInt32]
    /// The 128-bit hash of all token ids of the document (without BOS), under the fixed key (0, 0).
    public let document: Hash128
    /// The record's time, in milliseconds since 1970.
    public let timestamp: Int64
    /// The name of the collection the document is from, if it says; else that of the source it was read from.
    public let source: String?
    /// Where its partition stands once it is counted; `nil` outside a run.
    public let reached: Fence?

    /// Makes a context.
    public init(tokens: [UInt32], document: Hash128, timestamp: Int64, source: String?, reached: Fence? = nil) {
        self.tokens = tokens
        self.document = document
        self.timestamp = timestamp
        self.source = source
        self.reached = reached
    }
}

/// Contexts on their way through the model.
public struct ContextBatch: Sendable, Weighed {
    /// The contexts, in order.
    public let contexts: [Context]
    /// Where partitions stand after it, also those of whose last records there is no context.
    public let reached: [Fence]
    /// The number of tokens in all contexts.
    public let tokenCount: Int
    /// The weight of the batch in bytes.
    public var byteCount: Int { 4 * tokenCount + 64 * contexts.count }
    /// The number of tokens.
    public var elementCount: Int { tokenCount }

    /// Makes a batch.
    public init(contexts: [Context], reached: [Fence] = []) {
        self.contexts = contexts
        self.reached = reached
        tokenCount = contexts.reduce(0) { $0 + $1.tokens.count }
    }
}
