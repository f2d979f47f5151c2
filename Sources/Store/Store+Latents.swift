package import Elements
import GRDB

/// A latent of a coder, as results name it.
public struct LatentKey: Sendable, Hashable {
    /// The id of the encode node.
    public let coder: String
    /// The latent.
    public let latent: Int

    /// Makes a key.
    public init(coder: String, latent: Int) {
        self.coder = coder
        self.latent = latent
    }
}

extension StoreReading {
    /// The latents that have a result or a job that was given up, by coder and latent, at most `limit` of them.
    ///
    /// - Parameters:
    ///   - coder: Restricts them to one coder.
    ///   - last: Restricts them to those after this one.
    public func latents(
        coder: String? = nil, after last: LatentKey? = nil, limit: Int
    ) throws(StoreError) -> [LatentKey] {
        let parts = try connection.readEach { database, _ -> [LatentKey]? in
            try LatentKey.fetch(from: database, coder: coder, after: last, limit: limit)
        }
        let all = try connection.joined(parts, latent: \.self) { ($0.coder, $0.latent) < ($1.coder, $1.latent) }
        // Each gave as many as are wanted of all.
        return Array((all ?? []).prefix(max(limit, 0)))
    }
}

extension StoreReading {
    /// The latents that events after a cursor are about, but for jobs that were given up, by coder and latent; and the cursor of the
    /// last event, the same if there is none.
    package func latentsWithEvents(after cursor: Int64) throws(StoreError) -> (latents: [LatentKey], cursor: Int64) {
        try connection.read { database in
            let last = try Int64.fetchOne(database, sql: "SELECT max(cursor) FROM event") ?? cursor
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT coder, latent FROM event WHERE cursor > ? AND type <> ? ORDER BY coder, latent
                    """, arguments: [cursor, EventType.failure.rawValue])
            return (rows.map(LatentKey.init), max(last, cursor))
        }
    }
}

extension LatentKey {
    /// The latents that `StoreReading.latents` describes.
    static func fetch(from database: Database, coder: String?, after last: LatentKey?, limit: Int) throws -> [LatentKey]
    {
        let (condition, arguments) = Self.condition(coder: coder, after: last)
        return try Row.fetchAll(
            database, sql: "SELECT DISTINCT coder, latent FROM event WHERE \(condition) ORDER BY coder, latent LIMIT ?",
            arguments: arguments + [max(limit, 0)]
        ).map(LatentKey.init)
    }

    /// The condition under which latents come after one, in a form that lets SQLite begin there: one condition for all
    /// cases, with `OR`, makes it read everything before.
    private static func condition(coder: String?, after last: LatentKey?) -> (String, StatementArguments) {
        switch (coder, last) {
        case (nil, nil): ("TRUE", [])
        case (nil, let last?): ("(coder, latent) > (?, ?)", [last.coder, last.latent])
        case (let coder?, nil): ("coder = ?", [coder])
        case (let coder?, let last?) where coder == last.coder: ("coder = ? AND latent > ?", [coder, last.latent])
        case (let coder?, let last?): ("coder = ? AND ? > ?", [coder, coder, last.coder])
        }
    }

    /// Reads a row that begins with the coder and the latent.
    init(_ row: Row) {
        self.init(coder: row[0] as String? ?? "", latent: Int(row[1] as Int64? ?? 0))
    }
}

extension StoreReading {
    /// Of every job in a state, the latent that it is about and its kind, without what it is to be done with.
    package func unfinishedKeys(
        in state: JobState
    ) throws(StoreError) -> [(latent: LatentKey, kind: JobKind)] {
        let parts = try connection.readEach { database, _ -> [(latent: LatentKey, kind: JobKind)] in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT DISTINCT coder, latent, kind FROM job WHERE state = ?",
                arguments: [state.rawValue])
            var keys: [(latent: LatentKey, kind: JobKind)] = []
            while let row = try rows.next() {
                guard let kind = JobKind(rawValue: row.text("kind")) else { continue }
                keys.append((LatentKey(coder: row.text("coder"), latent: row.integer("latent")), kind))
            }
            return keys
        }
        return parts.flatMap(\.self)
    }

    /// The coders that explanations and scores are about, by name.
    package func coderIdentities() throws(StoreError) -> [CoderIdentity] {
        let parts = try connection.readEach { database, _ -> [CoderIdentity] in
            let rows = try ResultRows(
                database,
                sql: """
                    SELECT coder, hookpoint, latents, coder_digest FROM explanation
                    UNION SELECT coder, hookpoint, latents, coder_digest FROM score ORDER BY coder
                    """)
            var coders: [CoderIdentity] = []
            while let row = try rows.next() { if let coder = row.coder { coders.append(coder) } }
            return coders
        }
        var names: Set<String> = []
        // One that has been changed under its name is told once.
        return StoreConnection.merged(parts) { $0.name < $1.name }.filter { names.insert($0.name).inserted }
    }
}
