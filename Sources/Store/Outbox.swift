/// The target of a message: a sink of the topology and its topic.
public struct OutboxTarget: Sendable, Hashable {
    /// The id of the sink node.
    public let sink: String
    /// The topic's name.
    public let topic: String

    /// Makes a target.
    public init(sink: String, topic: String) {
        self.sink = sink
        self.topic = topic
    }
}

/// A message that is to be sent.
public struct OutboxMessage: Sendable, Hashable {
    /// Its target.
    public let target: OutboxTarget
    /// The record's key.
    public let key: [UInt8]
    /// The record's value, JSON.
    public let value: [UInt8]
    /// The text that identifies the message; no second message with the same text is ever stored.
    public let dedupe: String

    /// Makes a message.
    public init(target: OutboxTarget, key: [UInt8], value: [UInt8], dedupe: String) {
        self.target = target
        self.key = key
        self.value = value
        self.dedupe = dedupe
    }
}

/// A message that waits to be sent.
public struct OutboxRow: Sendable, Hashable {
    /// Its number; messages are sent in ascending order.
    public let sequence: Int64
    /// The id of the sink node.
    public let sink: String
    /// The topic's name.
    public let topic: String
    /// The record's key; for a result its job's id, 32 hexadecimal digits.
    public let key: [UInt8]
    /// The record's value, JSON.
    public let value: [UInt8]
    /// The text that identifies the message; for a result its sink and job, `sink/job`.
    public let dedupe: String
}
