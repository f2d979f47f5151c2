import Elements
import Evidence
import Hashing
package import Records

extension ShuffleRecord {
    /// Reads a record that stands in a partition of the shuffle topic.
    ///
    /// - Throws: `RecordFault` for bytes that are no sound record, or one of another topology, version or number of shards,
    ///   or for another partition.
    package init(
        _ bytes: [UInt8], in partition: Int, expecting identity: ShuffleIdentity
    ) throws(RecordFault) {
        var cursor = RecordCursor(bytes)
        let kind = try Self.prelude(&cursor, of: bytes)
        let digest = try cursor.digest(field: "topology")
        let shards = Int(try cursor.number(UInt16.self, field: "shards"))
        guard shards == identity.shards else {
            throw RecordFault(
                .foreign, field: "shards", found: "\(shards)",
                expected:
                    "\(identity.shards), the `shards` of this topology's `shuffle`: a process with another file writes here"
            )
        }
        guard digest == identity.digest else {
            throw RecordFault(
                .foreign, field: "topology", found: digest?.description ?? "none",
                expected: "\(identity.digest): a process with another file, other weights or another coder writes here")
        }
        shard = Int(try cursor.number(UInt16.self, field: "shard"))
        guard shard == partition, shard < shards else {
            throw RecordFault(
                .foreign, field: "shard", found: "\(shard)", expected: "\(partition), the partition that it stands in")
        }
        writer = try cursor.number(field: "writer")
        reservoir = try cursor.text(field: "reservoir")
        let latents = identity.reservoirs[reservoir]?.latents
        guard latents != nil || kind == .letter else {
            throw RecordFault(
                .foreign, field: "reservoir", found: reservoir,
                expected: identity.reservoirs.keys.sorted().joined(separator: " or "))
        }
        body = try Self.body(kind, &cursor, latents: latents ?? 0)
    }

    private static func prelude(
        _ cursor: inout RecordCursor, of bytes: [UInt8]
    ) throws(RecordFault) -> ShuffleLayout.Kind {
        guard try cursor.take(4, field: "magic").elementsEqual(ShuffleLayout.magic) else {
            throw RecordFault(
                .notARecord, field: "magic", found: "something else", expected: "the letters GLSH")
        }
        let version: UInt16 = try cursor.number(field: "version")
        guard version == ShuffleLayout.version else {
            throw RecordFault(
                .otherVersion, field: "version", found: "\(version)",
                expected: "\(ShuffleLayout.version): run one version of Gloss in all processes")
        }
        let kind: UInt8 = try cursor.number(field: "kind")
        let flags: UInt8 = try cursor.number(field: "flags")
        let size: UInt32 = try cursor.number(field: "size")
        guard Int(size) == bytes.count else {
            throw RecordFault(.cutOff, field: "size", found: "\(size)", expected: "\(bytes.count), the record's bytes")
        }
        let checksum: UInt32 = try cursor.number(field: "checksum")
        guard checksum == ShuffleLayout.checksum(of: bytes) else {
            throw RecordFault(
                .damaged, field: "checksum", found: "\(checksum)", expected: "that of the record's bytes")
        }
        guard let known = ShuffleLayout.Kind(rawValue: kind), flags == 0 else {
            throw RecordFault(
                .wrongShape, field: "kind", found: "\(kind) with flags \(flags)", expected: "1 to 4 with 0")
        }
        return known
    }

    private static func body(
        _ kind: ShuffleLayout.Kind, _ cursor: inout RecordCursor, latents: Int
    ) throws(RecordFault) -> Body {
        switch kind {
        case .samples: return .samples(Array(try cursor.take(cursor.remaining, field: "samples")))
        case .counts:
            let partition = try cursor.partition()
            let first: Int64 = try cursor.number(field: "block")
            guard first >= 0 else {
                throw RecordFault(.wrongShape, field: "block", found: "\(first)", expected: "0 or more")
            }
            let bytes = Array(try cursor.take(cursor.remaining, field: "counts"))
            do throws(EvidenceError) {
                return .counts(
                    CorpusBlock(partition: partition, first: first), try StreamCounts(bytes, latents: latents))
            } catch {
                throw RecordFault(.wrongShape, field: "counts", found: "unreadable (\(error))", expected: "counts")
            }
        case .marks: return .marks(try marks(&cursor))
        case .letter: return .letter(try letter(&cursor))
        }
    }

    private static func marks(_ cursor: inout RecordCursor) throws(RecordFault) -> [ShuffleMark] {
        let count: UInt32 = try cursor.number(field: "marks")
        var marks: [ShuffleMark] = []
        for _ in 0..<count {
            let partition = try cursor.partition()
            let (from, next): (Int64, Int64) = (try cursor.number(field: "from"), try cursor.number(field: "next"))
            let flag: UInt8 = try cursor.number(field: "first")
            guard from >= 0, next >= from, flag <= 1 else {
                throw RecordFault(
                    .wrongShape, field: "marks", found: "\(from) to \(next), \(flag)",
                    expected: "ascending offsets and 0 or 1")
            }
            marks.append(ShuffleMark(partition: partition, from: from, next: next, isFirst: flag == 1))
        }
        try cursor.finish(after: "marks")
        return marks
    }

    private static func letter(_ cursor: inout RecordCursor) throws(RecordFault) -> DeadLetter {
        let partition = try cursor.partition()
        let offset: Int64 = try cursor.number(field: "letter.offset")
        let node = try cursor.text(field: "letter.node")
        let code = try cursor.text(field: "letter.code")
        let reason = try cursor.text(field: "letter.reason")
        let size: UInt32 = try cursor.number(field: "letter.size")
        let value = Array(try cursor.take(Int(size), field: "letter.value"))
        try cursor.finish(after: "letter.value")
        return DeadLetter(
            position: RecordPosition(
                source: partition.source, topic: partition.topic, partition: partition.partition, offset: offset),
            node: node, code: code, reason: reason, value: value)
    }
}

extension RecordCursor {
    mutating func partition() throws(RecordFault) -> CorpusPartition {
        let source = try text(field: "source")
        let topic = try text(field: "topic")
        return CorpusPartition(source: source, topic: topic, partition: try number(field: "partition"))
    }
}
