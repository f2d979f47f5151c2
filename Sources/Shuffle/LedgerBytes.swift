import Evidence
import Records

/// The ledger of a merge as bytes, for a checkpoint.
///
///     "GLSL", version (1 byte), partitions (4), then of each: source, topic, number, reached (8), shares told (2) with the
///     share (2) and its offset (8), open blocks (4) with the first offset (8), the size (4) and the counts
enum LedgerBytes {
    private static let magic: [UInt8] = Array("GLSL".utf8)
    private static let version: UInt8 = 1

    static func written(_ partitions: [CorpusPartition: PartitionLedger]) throws(RecordFault) -> [UInt8] {
        var writer = RecordWriter(reserving: 1024)
        writer.bytes += magic
        writer.number(version)
        writer.number(UInt32(clamping: partitions.count))
        for (partition, ledger) in partitions.sorted(by: { $0.key < $1.key }) {
            try writer.partition(partition)
            writer.number(ledger.reached)
            writer.number(UInt16(clamping: ledger.told.count))
            for (shard, offset) in ledger.told.sorted(by: { $0.key < $1.key }) {
                writer.number(UInt16(clamping: shard))
                writer.number(offset)
            }
            writer.number(UInt32(clamping: ledger.open.count))
            for (first, counts) in ledger.open.sorted(by: { $0.key < $1.key }) {
                let bytes = counts.bytes
                writer.number(first)
                writer.number(UInt32(clamping: bytes.count))
                writer.bytes += bytes
            }
        }
        return writer.bytes
    }

    static func read(_ bytes: [UInt8], latents: Int) throws(RecordFault) -> [CorpusPartition: PartitionLedger] {
        var cursor = RecordCursor(bytes)
        guard try cursor.take(4, field: "magic").elementsEqual(magic) else {
            throw RecordFault(.notARecord, field: "magic", found: "something else", expected: "the letters GLSL")
        }
        let version: UInt8 = try cursor.number(field: "version")
        guard version == Self.version else {
            throw RecordFault(.otherVersion, field: "version", found: "\(version)", expected: "\(Self.version)")
        }
        let count: UInt32 = try cursor.number(field: "partitions")
        var partitions: [CorpusPartition: PartitionLedger] = [:]
        for _ in 0..<count {
            let partition = try cursor.partition()
            partitions[partition] = try ledger(&cursor, latents: latents)
        }
        try cursor.finish(after: "partitions")
        return partitions
    }

    private static func ledger(
        _ cursor: inout RecordCursor, latents: Int
    ) throws(RecordFault) -> PartitionLedger {
        var ledger = PartitionLedger()
        ledger.reached = try cursor.number(field: "reached")
        let shares: UInt16 = try cursor.number(field: "shares")
        for _ in 0..<shares {
            let shard: UInt16 = try cursor.number(field: "share")
            ledger.told[Int(shard)] = try cursor.number(field: "told")
        }
        let blocks: UInt32 = try cursor.number(field: "blocks")
        for _ in 0..<blocks {
            let first: Int64 = try cursor.number(field: "first")
            let size: UInt32 = try cursor.number(field: "size")
            let bytes = Array(try cursor.take(Int(size), field: "counts"))
            do throws(EvidenceError) {
                ledger.open[first] = try StreamCounts(bytes, latents: latents)
            } catch {
                throw RecordFault(.wrongShape, field: "counts", found: "unreadable (\(error))", expected: "counts")
            }
        }
        return ledger
    }
}
