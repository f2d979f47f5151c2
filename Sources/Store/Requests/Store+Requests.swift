package import Elements
import GRDB
import Hashing

extension StoreReading {
    /// The requests that are not done yet, the oldest first; none in a state of a version that took none.
    package func latentRequests() throws(StoreError) -> [LatentRequest] {
        let path = connection.path
        return try connection.read { database in
            guard try database.tableExists("latent_request") else { return [] }
            return try Row.fetchAll(database, sql: "SELECT * FROM latent_request ORDER BY id").map { row in
                guard let request = LatentRequest(row) else {
                    throw StoreError.damaged(path: path, reason: "a row of the latent_request table cannot be read")
                }
                return request
            }
        }
    }

    /// All explanations that are pinned.
    package func pins() throws(StoreError) -> Set<JobID> { try pins("TRUE", []) }

    /// The explanations of a node that are pinned.
    package func pins(of node: String) throws(StoreError) -> Set<JobID> {
        try pins("node = ?", [node])
    }

    /// The explanations of a latent that are pinned.
    package func pins(about latent: LatentKey) throws(StoreError) -> Set<JobID> {
        try pins("coder = ? AND latent = ?", [latent.coder, latent.latent])
    }

    private func pins(_ condition: String, _ arguments: StatementArguments) throws(StoreError) -> Set<JobID> {
        let parts = try connection.readEach { database, _ -> [JobID] in
            guard try database.tableExists("pin") else { return [] }
            let jobs = try String.fetchAll(
                database, sql: "SELECT explanation FROM pin WHERE \(condition)", arguments: arguments)
            return jobs.compactMap { JobID($0) }
        }
        return Set(parts.joined())
    }
}

/// Requests that are done, and the pins that this changes.
package struct FulfilledRequests: Sendable, Hashable {
    /// The requests.
    package var requests: [RequestID]
    /// Explanations that are pinned from now on.
    package var pinned: [Pin]
    /// Explanations that are pinned no more.
    package var unpinned: [JobID]

    package init(_ requests: [RequestID] = [], pinned: [Pin] = [], unpinned: [JobID] = []) {
        self.requests = requests
        self.pinned = pinned
        self.unpinned = unpinned
    }

    /// Whether there is nothing to write down.
    package var isEmpty: Bool { requests.isEmpty && pinned.isEmpty && unpinned.isEmpty }
}

extension FulfilledRequests {
    /// Forgets the requests and changes the pins, in the transaction of what they came to.
    func write(at time: Int64, into database: Database) throws {
        for request in requests {
            try database.execute(sql: "DELETE FROM latent_request WHERE id = ?", arguments: [request])
        }
        for pin in pinned {
            let row: RowValues = [
                "explanation": pin.explanation.description, "node": pin.node, "coder": pin.latent.coder,
                "latent": pin.latent.latent, "made": time,
            ]
            try row.insert(into: "pin", unlessKnownBy: "explanation", database)
        }
        for job in unpinned {
            try database.execute(sql: "DELETE FROM pin WHERE explanation = ?", arguments: [job.description])
        }
    }
}
