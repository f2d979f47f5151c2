public import Elements
import Foundation
import GRDB

/// A dead letter as the table holds it.
public struct StoredDeadLetter: Sendable, Hashable {
    /// Its number, ascending.
    public let sequence: Int64
    /// The letter.
    public let letter: DeadLetter
    /// When it was stored, in milliseconds since 1970.
    public let made: Int64

    /// Makes a dead letter as the table holds it.
    public init(sequence: Int64, letter: DeadLetter, made: Int64) {
        self.sequence = sequence
        self.letter = letter
        self.made = made
    }
}

extension StoreReading {
    /// The dead letters after a number, the oldest first, at most `limit` of them.
    ///
    /// - Parameters:
    ///   - node: Restricts them to those that a node refused.
    ///   - code: Restricts them to those of a code.
    public func deadLetters(
        after sequence: Int64 = 0, limit: Int, node: String? = nil, code: String? = nil
    ) throws(StoreError) -> [StoredDeadLetter] {
        let path = connection.path
        return try connection.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM dead_letter
                    WHERE sequence > ?1 AND (?3 IS NULL OR node = ?3) AND (?4 IS NULL OR code = ?4)
                    ORDER BY sequence LIMIT ?2
                    """, arguments: [sequence, max(limit, 0), node, code])
            return try rows.map { try StoredDeadLetter($0, path: path) }
        }
    }

    /// The number of dead letters by code.
    public func deadLetterCounts() throws(StoreError) -> [String: Int] {
        let parts = try connection.readEach { database, _ -> [String: Int] in
            let rows = try Row.fetchAll(database, sql: "SELECT code, count(*) FROM dead_letter GROUP BY code")
            return rows.reduce(into: [:]) { $0[$1[0] as String? ?? ""] = Int($1[1] as Int64? ?? 0) }
        }
        return parts.reduce(into: [:]) { all, part in all.merge(part, uniquingKeysWith: +) }
    }

    /// The number of dead letters by source and code, in their order.
    package func deadLetterCountsByNode() throws(StoreError) -> [(node: String, code: String, count: Int)] {
        typealias Count = (node: String, code: String, count: Int)
        let parts = try connection.readEach { database, _ -> [Count] in
            try Row.fetchAll(
                database, sql: "SELECT node, code, count(*) FROM dead_letter GROUP BY node, code ORDER BY node, code"
            ).map { ($0[0] as String? ?? "", $0[1] as String? ?? "", Int($0[2] as Int64? ?? 0)) }
        }
        var all: [Count] = []
        for next in StoreConnection.merged(parts, by: { ($0.node, $0.code) < ($1.node, $1.code) }) {
            if let last = all.last, last.node == next.node, last.code == next.code {
                all[all.count - 1].count &+= next.count
            } else {
                all.append(next)
            }
        }
        return all
    }
}

extension StoredDeadLetter {
    /// Reads a row of the table `dead_letter`, perhaps with further columns.
    init(_ row: Row, path: String) throws {
        guard let partition = Int32(exactly: row["partition"] as Int64? ?? 0) else {
            throw StoreError.damaged(path: path, reason: "a dead letter's partition is out of range")
        }
        let position = RecordPosition(
            source: row["source"] as String? ?? "", topic: row["topic"] as String? ?? "", partition: partition,
            offset: row["offset"] as Int64? ?? 0)
        let letter = DeadLetter(
            position: position, node: row["node"] as String? ?? "", code: row["code"] as String? ?? "",
            reason: row["reason"] as String? ?? "", value: Array(row["value"] as Data? ?? Data()))
        self.init(sequence: row["sequence"] as Int64? ?? 0, letter: letter, made: row["made"] as Int64? ?? 0)
    }
}

extension Store {
    /// Adds the letters whose position is new, and their messages; returns how many are new.
    func insertDeadLetters(
        _ letters: [DeadLetter], targets: [String: [OutboxTarget]], time: Int64, into database: Database
    ) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO dead_letter (source, topic, partition, "offset", node, code, reason, value, made)
                VALUES (?, ?, ?, ?, ?, ?, ?, coalesce(?, zeroblob(0)), ?)
                ON CONFLICT (source, topic, partition, "offset") DO NOTHING
                """)
        var count = 0
        for letter in letters {
            let position = letter.position
            try statement.execute(arguments: [
                position.source, position.topic, position.partition, position.offset, letter.node, letter.code,
                letter.reason.storable, Data(letter.value), time,
            ])
            guard database.changesCount == 1 else { continue }
            count += 1
            let place = "\(position.source)/\(position.topic)/\(position.partition)/\(position.offset)"
            for target in targets[letter.node] ?? [] {
                try OutboxMessage(
                    target: target, key: Array(place.utf8), value: Array(ResultEnvelope.json(letter, at: time).utf8),
                    dedupe: "\(target.sink)/\(place)"
                ).insert(into: database)
            }
        }
        return count
    }
}
