package import Records

/// Messages one after the other in one run of bytes: what a stage hands to whoever keeps its checkpoint.
package struct ShuffleFrames {
    private var writer = RecordWriter(reserving: 0)

    package init() {}

    /// Of each message the share in two bytes, its size in four, and its own.
    package var bytes: [UInt8] { writer.bytes }

    /// Adds a message.
    package mutating func add(_ message: ShuffleMessage) {
        writer.number(UInt16(clamping: message.shard))
        writer.number(UInt32(clamping: message.bytes.count))
        writer.bytes += message.bytes
    }

    /// The messages in such bytes.
    package static func messages(in bytes: [UInt8]) throws(RecordFault) -> [ShuffleMessage] {
        var cursor = RecordCursor(bytes)
        var messages: [ShuffleMessage] = []
        while cursor.remaining > 0 {
            let shard: UInt16 = try cursor.number(field: "shard")
            let size: UInt32 = try cursor.number(field: "size")
            messages.append(
                ShuffleMessage(shard: Int(shard), bytes: Array(try cursor.take(Int(size), field: "message"))))
        }
        return messages
    }
}
