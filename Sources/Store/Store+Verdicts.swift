public import Elements
import Foundation
import GRDB
public import Hashing

extension Store {
    /// Stores a judge's verdicts in a job, in place of those stored before.
    public func keep(verdicts: [UInt8], of job: JobID) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO verdicts (job, bytes) VALUES (?, coalesce(?, zeroblob(0)))
                    ON CONFLICT (job) DO UPDATE SET bytes = excluded.bytes
                    """, arguments: [job.description, Data(verdicts)])
        }
    }

    /// Stores a judge's verdicts in a job under another job too.
    public func keepVerdicts(of job: JobID, under other: JobID) throws(StoreError) {
        guard job != other else { return }
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO verdicts (job, bytes) SELECT ?, bytes FROM verdicts WHERE job = ?",
                arguments: [other.description, job.description])
        }
    }
}

extension StoreReading {
    /// A judge's verdicts in a job; `nil` if none were kept.
    public func verdicts(of job: JobID) throws(StoreError) -> [UInt8]? {
        let found = try connection.readEach { database, _ -> [UInt8]? in
            // A state directory that no newer daemon has opened has no such table.
            guard try database.tableExists("verdicts") else { return nil }
            return try Data.fetchOne(
                database, sql: "SELECT bytes FROM verdicts WHERE job = ?", arguments: [job.description]
            ).map(Array.init)
        }
        return found.compactMap(\.self).first
    }

    /// When each explanation was made, in milliseconds since 1970, by its job.
    public func explanationTimes() throws(StoreError) -> [JobID: Int64] {
        let parts = try connection.readEach { database, _ -> [JobID: Int64] in
            let rows = try Row.fetchCursor(database, sql: "SELECT job, made FROM explanation")
            var times: [JobID: Int64] = [:]
            while let row = try rows.next() {
                if let job = JobID(row[0] as String? ?? "") { times[job] = row[1] as Int64? ?? 0 }
            }
            return times
        }
        return parts.reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }
    }
}
