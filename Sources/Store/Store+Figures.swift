import Foundation
import GRDB

/// Figures of what is stored, read without the contents.
extension StoreReading {
    /// Of each node and kind with jobs still to be done, since when the one waits that was planned, or last tried, first; in
    /// milliseconds since 1970.
    package func oldestOpenJobs() throws(StoreError) -> [(node: String, kind: JobKind, since: Int64)] {
        typealias Oldest = (node: String, kind: JobKind, since: Int64)
        let parts = try connection.readEach { database, _ -> [Oldest] in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT node, kind, min(updated) FROM job WHERE state = 'open' GROUP BY node, kind ORDER BY node")
            return rows.compactMap { row -> Oldest? in
                guard let kind = JobKind(rawValue: row[1] as String? ?? "") else { return nil }
                return (row[0] as String? ?? "", kind, row[2] as Int64? ?? 0)
            }
        }
        var all: [Oldest] = []
        for next in StoreConnection.merged(parts, by: { $0.node < $1.node }) {
            if let place = all.firstIndex(where: { $0.node == next.node && $0.kind == next.kind }) {
                all[place].since = min(all[place].since, next.since)
            } else {
                all.append(next)
            }
        }
        return all
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

    /// The bytes of the database and of its log, of joined shares those of all.
    package var fileBytes: Int {
        connection.parts.reduce(0) { sum, part in
            ["", "-wal"].reduce(sum) { sum, suffix in
                var status = stat()
                return stat(part.path + suffix, &status) == 0 ? sum + Int(status.st_size) : sum
            }
        }
    }

    private func numbers(_ sql: String) throws(StoreError) -> [String: Int] {
        let parts = try connection.readEach { database, _ -> [String: Int] in
            try Row.fetchAll(database, sql: sql).reduce(into: [:]) { numbers, row in
                numbers[row[0] as String? ?? ""] = Int(row[1] as Int64? ?? 0)
            }
        }
        return parts.reduce(into: [:]) { all, part in all.merge(part, uniquingKeysWith: &+) }
    }
}
