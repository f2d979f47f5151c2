import Foundation
import GRDB
public import Hashing

/// The figures of a state that two copies of it have in common.
public struct StateOutline: Sendable, Hashable {
    /// The name of the topology; `nil` if the state does not say.
    public let topology: String?
    /// The epoch of the last checkpoint; `nil` before the first.
    public let epoch: UInt64?
    /// The number of rows by table.
    public let rows: [String: Int]
    /// The bytes of stored evidence.
    public let evidenceBytes: Int
    /// A hash of the checkpoint, the fences and the notes, and of each part of the evidence its length and its checksum.
    public let digest: Hash128

    /// Reads the figures within one transaction.
    init(_ database: Database) throws {
        topology = try database.meta(StateConflict.nameKey)
        epoch = try Int64.fetchOne(database, sql: "SELECT epoch FROM checkpoint").map { UInt64(bitPattern: $0) }
        let tables = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
        var rows: [String: Int] = [:]
        for table in tables { rows[table] = try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\(table)\"") }
        self.rows = rows
        evidenceBytes = try Int.fetchOne(database, sql: "SELECT sum(length(bytes)) FROM segment_part") ?? 0
        digest = try Self.digest(of: database)
    }

    private static func digest(of database: Database) throws -> Hash128 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        // A state of an earlier version has no checksums.
        let hasChecksums = try database.columns(in: "segment_part").contains { $0.name == "checksum" }
        for sql in [
            "SELECT * FROM checkpoint", "SELECT * FROM fence ORDER BY source, topic, partition",
            "SELECT * FROM meta ORDER BY key", "SELECT id, node, epoch, is_base FROM segment ORDER BY id",
            "SELECT segment, part, length(bytes), \(hasChecksums ? "checksum" : "NULL") FROM segment_part "
                + "ORDER BY segment, part",
        ] {
            hasher.update(text: sql)
            let found = try Row.fetchCursor(database, sql: sql)
            while let row = try found.next() {
                for value in row.databaseValues { update(&hasher, with: value) }
            }
        }
        return hasher.finalize128()
    }

    private static func update(_ hasher: inout SipHasher, with value: DatabaseValue) {
        switch value.storage {
        case .null: hasher.update(UInt8(0))
        case .int64(let number):
            hasher.update(UInt8(1))
            hasher.update(number)
        case .double(let number):
            hasher.update(UInt8(2))
            hasher.update(number.bitPattern)
        case .string(let text):
            hasher.update(UInt8(3))
            hasher.update(text: text)
        case .blob(let data):
            hasher.update(UInt8(4))
            hasher.update(UInt64(data.count))
            data.withUnsafeBytes { hasher.update(rawBytes: $0) }
        }
    }
}
