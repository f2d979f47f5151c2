package import Records

/// Messages one after the other in one run of bytes: what a stage hands to whoever keeps its checkpoint.
package enum ShuffleFrames {
    /// The messages as bytes: of each the share in two bytes, its size in four, and its own.
    package static func bytes(of messages: [ShuffleMessage]) -> [UInt8] {
        var writer = RecordWriter(reserving: messages.reduce(0) { $0 + $1.bytes.count + 6 })
        for message in messages {
            writer.number(UInt16(clamping: message.shard))
            writer.number(UInt32(clamping: message.bytes.count))
            writer.bytes += message.bytes
        }
        return writer.bytes
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
