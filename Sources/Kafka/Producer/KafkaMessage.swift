/// One record to be written.
public struct KafkaMessage: Hashable, Sendable {
    /// The topic.
    public let topic: String
    /// The partition; `nil` leaves it to the key's murmur2 hash, as Java clients do, or to chance without a key.
    public let partition: Int32?
    /// The key, if any.
    public let key: [UInt8]?
    /// The value; `nil` is a tombstone.
    public let value: [UInt8]?
    /// The headers, in order.
    public let headers: [KafkaHeader]
    /// Its time in milliseconds since 1970; `nil` for that of sending.
    public let timestamp: Int64?

    /// Makes a message.
    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?, headers: [KafkaHeader] = [],
        timestamp: Int64? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }

    /// Its weight while under way, in bytes.
    var byteCount: Int { Self.weight(keyBytes: key?.count ?? 0, valueBytes: value?.count ?? 0) }

    /// The weight without headers, the same for a message and its delivery report, which has none.
    static func weight(keyBytes: Int, valueBytes: Int) -> Int { 160 + keyBytes + valueBytes }
}
