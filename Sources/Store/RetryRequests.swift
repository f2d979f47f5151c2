import GRDB

/// Asks for failed jobs to be tried at once, beside the daemon that owns a state directory or while none runs.
///
/// It is a row in a small table, since a running daemon holds the directory's lock: the daemon looks there every few
/// seconds, and the next start does.
public enum RetryRequests {
    /// Asks for the jobs of a node, or of all, of some latents, or of all, that failed or wait for another try.
    ///
    /// Throws as a reader of the directory does, and `otherSchema` for a state that no daemon of this version has opened.
    /// - Returns: The jobs that it concerns.
    @discardableResult
    public static func add(
        directory: String, node: String? = nil, latents: [Int] = [], now: Int64 = Timestamp.now
    ) throws(StoreError) -> Int {
        try StateWriting.write(into: "retry_request", of: directory) { database in
            let rows: [Int?] = latents.isEmpty ? [nil] : latents.map(Optional.some)
            for latent in rows {
                try database.execute(
                    sql: "INSERT INTO retry_request (node, latent, made) VALUES (?, ?, ?)",
                    arguments: [node, latent, now])
            }
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM job WHERE \(RetryRequests.concerned)") ?? 0
        }
    }

    /// The jobs that requests concern: those that failed or wait for another try, and can be done from what is stored of them.
    fileprivate static let concerned = """
        (state = 'failed' OR (state = 'open' AND not_before > 0)) AND length(payload) > 0
        AND EXISTS (
            SELECT 1 FROM retry_request AS request
            WHERE (request.node IS NULL OR request.node = job.node)
            AND (request.latent IS NULL OR request.latent = job.latent))
        """
}

extension Store {
    /// Opens the jobs that `RetryRequests` asks for, with their attempts at zero, and forgets the requests.
    ///
    /// A job that its node has to plan anew is left to the next start.
    /// - Returns: The jobs.
    public func takeRetryRequests() throws(StoreError) -> [JobRecord] {
        // Looked at often and there seldom, so no write is begun without one.
        let isAsked = try connection.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM retry_request)") }
        guard isAsked == true else { return [] }
        let (time, path) = (now(), connection.path)
        return try write { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    UPDATE job SET state = 'open', attempts = 0, not_before = 0, updated = ?
                    WHERE \(RetryRequests.concerned) RETURNING *
                    """, arguments: [time])
            try database.execute(sql: "DELETE FROM retry_request")
            return try rows.map { try JobRecord($0, path: path) }
        }
    }
}
