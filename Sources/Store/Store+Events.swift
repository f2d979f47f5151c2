import GRDB

/// What an event, or a message, tells of.
public enum EventType: String, Sendable, Hashable, CaseIterable {
    /// A latent was explained.
    case explanation
    /// An explanation was scored.
    case score
    /// It was decided between an explanation and one that was made again.
    case choice
    /// A job was given up.
    case failure
    /// A record was refused; in messages only.
    case deadLetter = "dead_letter"
}

/// Something that happened, for those who follow.
public struct StoredEvent: Sendable, Hashable {
    /// Its number: following on after it gives every later event once.
    public let cursor: Int64
    /// What it tells of.
    public let type: EventType
    /// The event in the envelope of `ResultEnvelope`, one line.
    public let json: String

    /// The event with its cursor as a further member, one line.
    public var jsonWithCursor: String { json.dropLast() + ",\"cursor\":\(cursor)}" }
}

extension StoreReading {
    /// The events after a cursor, the oldest first, at most `limit` of them.
    public func events(after cursor: Int64, limit: Int) throws(StoreError) -> [StoredEvent] {
        try events(
            sql: "SELECT cursor, type, json FROM event WHERE cursor > ? ORDER BY cursor LIMIT ?",
            arguments: [cursor, max(limit, 0)])
    }

    /// The events of one latent, the oldest first.
    public func events(coder: String, latent: Int) throws(StoreError) -> [StoredEvent] {
        try events(
            sql: "SELECT cursor, type, json FROM event WHERE coder = ? AND latent = ? ORDER BY cursor",
            arguments: [coder, latent])
    }

    /// The cursor of the latest event; 0 before the first.
    public func latestCursor() throws(StoreError) -> Int64 {
        try connection.read { try Int64.fetchOne($0, sql: "SELECT max(cursor) FROM event") ?? 0 }
    }

    private func events(sql: String, arguments: StatementArguments) throws(StoreError) -> [StoredEvent] {
        try connection.read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap { row in
                guard let type = EventType(rawValue: row[1] as String? ?? "") else { return nil }
                return StoredEvent(cursor: row[0] as Int64? ?? 0, type: type, json: row[2] as String? ?? "{}")
            }
        }
    }
}

/// An event on its way into the table.
struct Event {
    let type: EventType
    let coder: String
    let latent: Int
    let json: String

    /// Adds the event at the end.
    func insert(into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO event (type, coder, latent, json) VALUES (?, ?, ?, ?)")
        try statement.execute(arguments: [type.rawValue, coder, latent, json])
    }
}
