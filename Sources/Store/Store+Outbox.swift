import Foundation
import GRDB

extension StoreReading {
    /// The messages that wait to be sent, the oldest first, at most `limit` of them.
    ///
    /// - Parameter sink: Restricts them to one sink.
    public func pendingOutbox(limit: Int, sink: String? = nil) throws(StoreError) -> [OutboxRow] {
        try connection.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, sink, topic, key, value, dedupe FROM outbox
                    WHERE sent = 0 AND (?2 IS NULL OR sink = ?2) ORDER BY sequence LIMIT ?1
                    """, arguments: [max(limit, 0), sink])
            return rows.map { row in
                OutboxRow(
                    sequence: row[0] as Int64? ?? 0, sink: row[1] as String? ?? "", topic: row[2] as String? ?? "",
                    key: Array(row[3] as Data? ?? Data()), value: Array(row[4] as Data? ?? Data()),
                    dedupe: row[5] as String? ?? "")
            }
        }
    }
}

extension Store {
    /// Notes that messages were delivered; their contents are dropped, their `dedupe` is kept.
    public func markSent(_ sequences: [Int64]) throws(StoreError) {
        try write { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE outbox SET sent = 1, value = zeroblob(0) WHERE sequence = ?")
            for sequence in sequences { try statement.execute(arguments: [sequence]) }
        }
    }
}

extension OutboxMessage {
    /// Stores the message unless its `dedupe` is there already.
    func insert(into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO outbox (sink, topic, key, value, dedupe)
                VALUES (?, ?, coalesce(?, zeroblob(0)), coalesce(?, zeroblob(0)), ?) ON CONFLICT (dedupe) DO NOTHING
                """)
        try statement.execute(arguments: [target.sink, target.topic, Data(key), Data(value), dedupe])
    }
}
