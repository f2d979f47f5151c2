import Foundation
import GRDB

/// Figures of what is stored, read without the contents.
extension StoreReading {
    /// Of each node and kind with jobs still to be done, since when the one waits that was planned, or last tried, first; in
    /// milliseconds since 1970.
    package func oldestOpenJobs() throws(StoreError) -> [(node: String, kind: JobKind, since: Int64)] {
        try connection.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT node, kind, min(updated) FROM job WHERE state = 'open' GROUP BY node, kind ORDER BY node")
            return rows.compactMap { row -> (node: String, kind: JobKind, since: Int64)? in
                guard let kind = JobKind(rawValue: row[1] as String? ?? "") else { return nil }
                return (row[0] as String? ?? "", kind, row[2] as Int64? ?? 0)
            }
        }
    }

    /// The bytes of stored evidence, by node.
    package func evidenceBytes() throws(StoreError) -> [String: Int] {
        try numbers(
            """
            SELECT segment.node, sum(length(segment_part.bytes)) FROM segment
            JOIN segment_part ON segment_part.segment = segment.id GROUP BY segment.node
            """)
    }

    /// The number of messages that wait to be sent, by sink.
    package func unsentMessages() throws(StoreError) -> [String: Int] {
        try numbers("SELECT sink, count(*) FROM outbox WHERE sent = 0 GROUP BY sink")
    }

    /// The bytes of the database and of its log.
    package var fileBytes: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            var status = stat()
            return stat(connection.path + suffix, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    private func numbers(_ sql: String) throws(StoreError) -> [String: Int] {
        try connection.read { database in
            try Row.fetchAll(database, sql: sql).reduce(into: [:]) { numbers, row in
                numbers[row[0] as String? ?? ""] = Int(row[1] as Int64? ?? 0)
            }
        }
    }
}
