public import Elements
import Foundation
import GRDB
import Hashing

extension StoreReading {
    /// The explanations of an explain node, or of all, by coder, latent, node and job.
    public func explanations(of node: String? = nil) throws(StoreError) -> [Explanation] {
        try rows(where: .node(node))
    }

    /// The explanations of one latent, by node and job.
    public func explanations(coder: String, latent: Int) throws(StoreError) -> [Explanation] {
        try rows(where: .latent(LatentKey(coder: coder, latent: latent)))
    }

    /// The scores of a score node, or of all, by coder, latent, node and job.
    public func scores(of node: String? = nil) throws(StoreError) -> [Score] {
        try rows(where: .node(node))
    }

    /// The scores of one latent, by node and job.
    public func scores(coder: String, latent: Int) throws(StoreError) -> [Score] {
        try rows(where: .latent(LatentKey(coder: coder, latent: latent)))
    }

    /// The score that a job made, and when, in milliseconds since 1970; `nil` if it has made none.
    package func datedScore(of job: JobID) throws(StoreError) -> (score: Score, made: Int64)? {
        let found = try connection.readEach { database, path -> (score: Score, made: Int64)? in
            let rows = try ResultRows(
                database, sql: "SELECT * FROM score WHERE job = ?", arguments: [job.description])
            return try rows.next().map { (try Score.read($0, path: path), $0[.made] ?? 0) }
        }
        return found.compactMap(\.self).first
    }

    /// When the explanation or score of each of some jobs was made, in milliseconds since 1970; those without one are left out.
    package func made(of jobs: [String]) throws(StoreError) -> [String: Int64] {
        let parts = try connection.readEach { database, _ -> [String: Int64] in
            let statement = try database.cachedStatement(
                sql: "SELECT made FROM score WHERE job = ?1 UNION ALL SELECT made FROM explanation WHERE job = ?1")
            var times: [String: Int64] = [:]
            for job in jobs { times[job] = try Int64.fetchOne(statement, arguments: [job]) }
            return times
        }
        return parts.reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }
    }

    /// Reads every row of explanations and scores and makes nothing of them: what reading them takes at least.
    package func readResultRows() throws(StoreError) {
        try connection.read { database in
            for table in [Explanation.table, Score.table] {
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT * FROM \(table) ORDER BY coder, latent, node, job")
                while try rows.next() != nil {}
            }
        }
    }
}

extension Store {
    /// Stores results in one transaction: marks or makes their jobs done, and adds their rows, messages and events.
    ///
    /// A result whose job has one already is ignored with all that goes with it, and so is a second choice about the same
    /// challenger. A score's figures that are not finite are not available, and left out.
    ///
    /// - Parameters:
    ///   - fulfilled: The requests of persons that this does.
    ///   - sinks: The sinks that a node's results go to.
    /// - Returns: The number of results that are new.
    @discardableResult
    package func record(
        explanations: [Explanation] = [], scores: [Score] = [], choices: [Choice] = [],
        fulfilled: FulfilledRequests = FulfilledRequests(), sinks: (_ node: String) -> [OutboxTarget] = { _ in [] }
    ) throws(StoreError) -> Int {
        let time = now()
        return try write { database in
            var count = 0
            try fulfilled.write(at: time, into: database)
            for explanation in explanations {
                count += try insert(explanation, at: time, targets: sinks(explanation.node), into: database)
            }
            for score in scores {
                count += try insert(
                    score.withoutUnavailableFigures, at: time, targets: sinks(score.node), into: database)
            }
            for choice in choices where try choice.insert(at: time, into: database) {
                count += 1
                let json = ResultEnvelope.json(choice, at: time)
                for target in sinks(choice.node) {
                    try OutboxMessage(
                        target: target, key: Array(choice.challenger.description.utf8), value: Array(json.utf8),
                        dedupe: "\(target.sink)/choice/\(choice.challenger)"
                    ).insert(into: database)
                }
                let subject = EventSubject(coder: choice.coder.name, latent: choice.latent, node: choice.node)
                try Event(type: .choice, subject: subject, json: json).insert(into: database)
            }
            return count
        }
    }

    /// Adds a result with all that goes with it; returns 1, or 0 if its job has a result already.
    private func insert(
        _ result: some StoredResult, at time: Int64, targets: [OutboxTarget], into database: Database
    ) throws -> Int {
        guard try result.insert(at: time, into: database) else { return 0 }
        let close = try database.cachedStatement(
            sql: """
                INSERT INTO job (id, node, kind, coder, latent, payload, state, updated)
                VALUES (?, ?, ?, ?, ?, zeroblob(0), 'done', ?)
                ON CONFLICT (id) DO UPDATE SET state = 'done', not_before = 0, reason = NULL, payload = zeroblob(0),
                updated = excluded.updated
                """)
        let job = result.job.description
        try close.execute(arguments: [job, result.node, result.kind.rawValue, result.coder.name, result.latent, time])
        let json = result.envelope(at: time)
        for target in targets {
            try OutboxMessage(
                target: target, key: Array(job.utf8), value: Array(json.utf8), dedupe: "\(target.sink)/\(job)"
            ).insert(into: database)
        }
        let event = result.event
        try Event(type: event.type, subject: event.subject, json: json).insert(into: database)
        return 1
    }
}

extension Estimate {
    fileprivate var isAvailable: Bool { value.isFinite && lower.isFinite && upper.isFinite }
}

extension Score {
    /// The score without the figures that are not finite, which JSON cannot hold.
    fileprivate var withoutUnavailableFigures: Score {
        var score = self
        score.headline = headline.flatMap { $0.isAvailable ? $0 : nil }
        score.details = details.filter { $0.value.isAvailable }
        return score
    }
}
