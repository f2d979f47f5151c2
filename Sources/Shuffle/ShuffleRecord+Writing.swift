import Elements
import Evidence
package import Records

/// The layout of a record of the shuffle topic.
///
///     "GLSH", version (2 bytes), kind (1), flags (1, zero), size of the whole (4), CRC-32 (4),
///     digest of what all processes must agree on (16), shards (2), shard (2), writer (8), reservoir (text), body
///
/// Numbers are little-endian, a text is its length in two bytes and UTF-8. The checksum is of all bytes but itself and the
/// letters.
enum ShuffleLayout {
    static let magic: [UInt8] = Array("GLSH".utf8)
    static let version: UInt16 = 2
    /// The bytes up to the end of the checksum.
    static let preludeBytes = 16
    /// The bytes between the letters and the checksum.
    private static let described = 4..<12

    /// The checksum of a record's bytes, which are at least a prelude.
    static func checksum(of bytes: [UInt8]) -> UInt32 {
        Checksum.of(Array(bytes[described] + bytes[preludeBytes...]))
    }

    /// What stands for each kind of body.
    enum Kind: UInt8 {
        case samples = 1
        case counts = 2
        case marks = 3
        case letter = 4
    }
}

extension ShuffleRecord {
    /// The record's bytes.
    ///
    /// - Throws: `RecordFault` if a text of it is longer than 64 KiB.
    package func bytes(of identity: ShuffleIdentity) throws(RecordFault) -> [UInt8] {
        var writer = RecordWriter(reserving: 256)
        writer.digest(identity.digest)
        writer.number(UInt16(clamping: identity.shards))
        writer.number(UInt16(clamping: shard))
        writer.number(self.writer)
        try writer.text(reservoir, field: "reservoir")
        let kind = try write(to: &writer)
        let payload = writer.bytes
        guard let size = UInt32(exactly: payload.count + ShuffleLayout.preludeBytes) else {
            throw RecordFault(
                .tooLarge, field: "size", found: "\(payload.count)", expected: "less than \(UInt32.max)")
        }
        var whole = RecordWriter(reserving: Int(size))
        whole.bytes += ShuffleLayout.magic
        whole.number(ShuffleLayout.version)
        whole.number(kind.rawValue)
        whole.number(UInt8(0))
        whole.number(size)
        whole.number(UInt32(0))
        whole.bytes += payload
        let checksum = ShuffleLayout.checksum(of: whole.bytes)
        for place in 0..<4 {
            whole.bytes[ShuffleLayout.preludeBytes - 4 + place] = UInt8(truncatingIfNeeded: checksum >> (8 * place))
        }
        return whole.bytes
    }

    private func write(to writer: inout RecordWriter) throws(RecordFault) -> ShuffleLayout.Kind {
        switch body {
        case .samples(let segment):
            writer.bytes += segment
            return .samples
        case .counts(let block, let counts):
            try writer.partition(block.partition)
            writer.number(block.first)
            writer.bytes += counts.bytes
            return .counts
        case .marks(let marks):
            writer.number(UInt32(clamping: marks.count))
            for mark in marks {
                try writer.partition(mark.partition)
                writer.number(mark.from)
                writer.number(mark.next)
                writer.number(UInt8(mark.isFirst ? 1 : 0))
            }
            return .marks
        case .letter(let letter):
            let position = letter.position
            try writer.partition(
                CorpusPartition(source: position.source, topic: position.topic, partition: position.partition))
            writer.number(position.offset)
            try writer.text(letter.node, field: "letter.node")
            try writer.text(letter.code, field: "letter.code")
            let reason = String(String.UnicodeScalarView(letter.reason.unicodeScalars.prefix(4096)))
            try writer.text(reason, field: "letter.reason")
            writer.number(UInt32(clamping: letter.value.count))
            writer.bytes += letter.value
            return .letter
        }
    }
}

extension RecordWriter {
    mutating func partition(_ partition: CorpusPartition) throws(RecordFault) {
        try text(partition.source, field: "source")
        try text(partition.topic, field: "topic")
        number(partition.partition)
    }
}
