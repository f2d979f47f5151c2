public import Elements
import Foundation
import GRDB
public import Hashing

extension StoreReading {
    /// The jobs of a node, or of all, in a state, or in any, by node, coder, latent and id.
    public func jobs(of node: String? = nil, in state: JobState? = nil) throws(StoreError) -> [JobRecord] {
        let parts = try connection.readEach { database, path -> [JobRecord]? in
            let rows = try Row.fetchCursor(
                database,
                // Only without an `OR` are jobs in a state looked up in the index.
                sql: """
                    SELECT * FROM job
                    WHERE (?1 IS NULL OR node = ?1) AND \(state == nil ? "TRUE" : "state = ?2")
                    ORDER BY node, coder, latent, id
                    """, arguments: [node] + (state.map { [$0.rawValue] } ?? []))
            var records: [JobRecord] = []
            while let row = try rows.next() { records.append(try JobRecord(row, path: path)) }
            return records
        }
        let all = try connection.joined(parts) {
            LatentKey(coder: $0.job.coder, latent: $0.job.latent)
        } by: {
            ($0.job.node, $0.job.coder, $0.job.latent) < ($1.job.node, $1.job.coder, $1.job.latent)
        }
        return all ?? []
    }

    /// The jobs about a latent that are still to be done or were given up, by node and id.
    public func unfinishedJobs(about latent: LatentKey) throws(StoreError) -> [JobRecord] {
        let parts = try connection.readEach { database, path -> [JobRecord] in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM job WHERE state IN ('open', 'failed') AND coder = ? AND latent = ? ORDER BY node, id
                    """, arguments: [latent.coder, latent.latent])
            return try rows.map { try JobRecord($0, path: path) }
        }
        return parts.flatMap(\.self)
    }

    /// A job; `nil` if there is none of this id.
    public func job(_ id: JobID) throws(StoreError) -> JobRecord? {
        let path = connection.path
        return try connection.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM job WHERE id = ?", arguments: [id.description])
                .map { try JobRecord($0, path: path) }
        }
    }

    /// The number of jobs by node and state.
    public func jobStates() throws(StoreError) -> [String: [JobState: Int]] {
        let parts = try connection.readEach { database, _ -> [String: [JobState: Int]] in
            let rows = try Row.fetchAll(database, sql: "SELECT node, state, count(*) FROM job GROUP BY node, state")
            return rows.reduce(into: [:]) { counts, row in
                guard let state = JobState(rawValue: row[1] as String? ?? "") else { return }
                counts[row[0] as String? ?? "", default: [:]][state] = Int(row[2] as Int64? ?? 0)
            }
        }
        return parts.reduce(into: [:]) { all, part in
            for (node, states) in part { all[node, default: [:]].merge(states, uniquingKeysWith: +) }
        }
    }
}

extension Store {
    /// Adds jobs; those whose id is there already are ignored, whatever their state.
    ///
    /// - Parameter requests: The requests of persons that this does.
    /// - Returns: The number of jobs that are new.
    @discardableResult
    package func insertJobs(
        _ jobs: [PlannedJob], fulfilling requests: [RequestID] = []
    ) throws(StoreError) -> Int {
        let time = now()
        return try write { database in
            try FulfilledRequests(requests).write(at: time, into: database)
            return try insertJobs(jobs, time: time, into: database)
        }
    }

    /// Notes that an attempt failed and when the next may be made; the job stays open.
    ///
    /// Throws `unknownJob`. A job that is done or failed stays so.
    public func retry(job: JobID, reason: String, attempts: Int, notBefore: Int64) throws(StoreError) {
        let time = now()
        try write { database in
            try requireJob(job, in: database)
            try database.execute(
                sql: """
                    UPDATE job SET attempts = ?, not_before = ?, reason = ?, updated = ? WHERE id = ? AND state = 'open'
                    """, arguments: [attempts, notBefore, reason.storable, time, job.description])
        }
    }

    /// Gives a job up, and records that in an event.
    ///
    /// Throws `unknownJob`. A job that is done or failed stays as it is, and no event is made.
    public func fail(job: JobID, reason: String, attempts: Int) throws(StoreError) {
        let time = now()
        let path = connection.path
        try write { database in
            try requireJob(job, in: database)
            try database.execute(
                sql: """
                    UPDATE job SET state = 'failed', attempts = ?, not_before = 0, reason = ?, updated = ?
                    WHERE id = ? AND state = 'open'
                    """, arguments: [attempts, reason.storable, time, job.description])
            guard database.changesCount == 1,
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM job WHERE id = ?", arguments: [job.description])
            else { return }
            let record = try JobRecord(row, path: path)
            let subject = EventSubject(
                coder: record.job.coder, latent: record.job.latent, node: record.job.node, job: record.job.id)
            try Event(type: .failure, subject: subject, json: ResultEnvelope.json(record)).insert(into: database)
        }
    }

    /// Opens the failed jobs of a node, or of all, again, with their attempts at zero.
    /// - Returns: The number of jobs that were opened.
    @discardableResult
    public func reopenFailedJobs(of node: String? = nil) throws(StoreError) -> Int {
        let time = now()
        return try write { database in
            try database.execute(
                sql: """
                    UPDATE job SET state = 'open', attempts = 0, not_before = 0, updated = ?1
                    WHERE state = 'failed' AND (?2 IS NULL OR node = ?2)
                    """, arguments: [time, node])
            return database.changesCount
        }
    }

    private func requireJob(_ job: JobID, in database: Database) throws {
        let found = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM job WHERE id = ?)", arguments: [job.description])
        guard found == true else { throw StoreError.unknownJob(job) }
    }

    func insertJobs(_ jobs: [PlannedJob], time: Int64, into database: Database) throws -> Int {
        // An empty blob is bound as NULL.
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO job (id, node, kind, coder, latent, payload, state, updated, worth)
                VALUES (?, ?, ?, ?, ?, coalesce(?, zeroblob(0)), 'open', ?, ?) ON CONFLICT (id) DO NOTHING
                """)
        var count = 0
        for job in jobs {
            try statement.execute(arguments: [
                job.id.description, job.node, job.kind.rawValue, job.coder, job.latent, Data(job.payload), time,
                job.worth,
            ])
            count += database.changesCount
        }
        return count
    }
}

extension JobRecord {
    /// Reads a row of the table `job`.
    init(_ row: Row, path: String) throws {
        guard let id = JobID(row["id"] as String? ?? ""), let kind = JobKind(rawValue: row["kind"] as String? ?? ""),
            let state = JobState(rawValue: row["state"] as String? ?? "")
        else { throw StoreError.damaged(path: path, reason: "a row of the job table cannot be read") }
        // A state of an earlier version has no column for what a job is worth.
        var job = PlannedJob(
            id: id, node: row["node"] as String? ?? "", kind: kind, coder: row["coder"] as String? ?? "",
            latent: Int(row["latent"] as Int64? ?? 0), payload: Array(row["payload"] as Data? ?? Data()),
            worth: row["worth"] as Double? ?? 0)
        job.attempts = Int(row["attempts"] as Int64? ?? 0)
        job.notBefore = row["not_before"] as Int64? ?? 0
        self.init(
            job: job, state: state, reason: row["reason"] as String?, updated: row["updated"] as Int64? ?? 0)
    }
}
