import GRDB
import Hashing

/// The type of an event or a message.
public enum EventType: String, Sendable, Hashable, CaseIterable {
    /// A latent was explained.
    case explanation
    /// An explanation was scored.
    case score
    /// A choice was made between an explanation and a new one.
    case choice
    /// A job was given up.
    case failure
    /// A record was refused; in messages only.
    case deadLetter = "dead_letter"

    /// The types kept in the table of events, which readers can follow.
    package static let followed = allCases.filter { $0 != .deadLetter }

    /// Their names as a sentence lists them.
    package static var followedNames: String {
        let names = followed.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}

/// Something that happened, for readers who follow the events.
public struct StoredEvent: Sendable, Hashable {
    /// Its number: following on after it gives every later event once.
    public let cursor: Int64
    /// Its type.
    public let type: EventType
    /// Its subject, which the JSON states too.
    public let subject: EventSubject
    /// The event in the envelope of `ResultEnvelope`, one line.
    public let json: String

    /// The event with its cursor as a further member, one line.
    public var jsonWithCursor: String {
        // `dropLast` would go through the text character by character.
        var text = json
        _ = text.popLast()
        return text + ",\"cursor\":\(cursor)}"
    }

    /// The event without its JSON.
    public var outline: EventOutline { EventOutline(cursor: cursor, type: type, subject: subject) }
}

/// An event without its JSON, for readers who need few of those that they look at.
public struct EventOutline: Sendable, Hashable {
    /// Its number.
    public let cursor: Int64
    /// Its type.
    public let type: EventType
    /// Its subject.
    public let subject: EventSubject
}

extension StoreReading {
    /// The events after a cursor, the oldest first, at most `limit` of them.
    public func events(after cursor: Int64, limit: Int) throws(StoreError) -> [StoredEvent] {
        try events(
            where: "cursor > ? ORDER BY cursor LIMIT ?", arguments: [cursor, max(limit, 0)])
    }

    /// The events of one latent, the oldest first; of joined shares those of its owner, by the numbers there.
    public func events(coder: String, latent: Int) throws(StoreError) -> [StoredEvent] {
        let parts = try connection.readEach { database, _ in
            try StoredEvent.fetch(
                from: database, where: "coder = ? AND latent = ? ORDER BY cursor", arguments: [coder, latent])
        }
        let key = LatentKey(coder: coder, latent: latent)
        return try connection.joined(parts, latent: { _ in key }, by: { $0.cursor < $1.cursor }) ?? []
    }

    /// The events of some cursors, by cursor; a cursor without an event is left out.
    public func events(at cursors: [Int64]) throws(StoreError) -> [Int64: StoredEvent] {
        try connection.read { try StoredEvent.fetch(from: $0, at: cursors) }
    }

    /// The same of one of joined shares, by its place among them; 0 of the state of one process.
    package func events(at cursors: [Int64], ofShare share: Int) throws(StoreError) -> [Int64: StoredEvent] {
        let parts = connection.parts
        guard parts.indices.contains(share) else { return [:] }
        return try parts[share].read { try StoredEvent.fetch(from: $0, at: cursors) }
    }

    /// The cursors of the last events of some latents of a coder, the oldest first, at most `limit` of them.
    ///
    /// Events of other latents are not looked at.
    /// - Parameters:
    ///   - types: The types that count.
    ///   - last: Later cursors do not count.
    public func cursors(
        coder: String, latents: Set<Int>, types: Set<EventType>, upTo last: Int64, limit: Int
    ) throws(StoreError) -> [Int64] {
        let names = "[\(types.map { "\"\($0.rawValue)\"" }.joined(separator: ","))]"
        let limit = max(limit, 0)
        return try connection.read { database in
            var cursors: [Int64] = []
            // One question a latent, so that its events are found by the index `event_by_latent`, the last first.
            for latent in latents {
                cursors += try Int64.fetchAll(
                    database,
                    sql: """
                        SELECT cursor FROM event WHERE coder = ? AND latent = ? AND cursor <= ?
                        AND type IN (SELECT value FROM json_each(?)) ORDER BY cursor DESC LIMIT ?
                        """, arguments: [coder, latent, last, names, limit])
            }
            return Array(cursors.sorted().suffix(limit))
        }
    }

    /// The cursor of the latest event; 0 before the first.
    ///
    /// Of joined shares it is the sum of theirs: it grows with each event, and no event has it.
    public func latestCursor() throws(StoreError) -> Int64 {
        try connection.readEach { database, _ in
            try Int64.fetchOne(database, sql: "SELECT max(cursor) FROM event") ?? 0
        }.reduce(0, &+)
    }

    private func events(where condition: String, arguments: StatementArguments) throws(StoreError) -> [StoredEvent] {
        try connection.read { try StoredEvent.fetch(from: $0, where: condition, arguments: arguments) }
    }
}

extension StoredEvent {
    /// The events for which a condition holds.
    fileprivate static func fetch(
        from database: Database, where condition: String, arguments: StatementArguments
    ) throws -> [StoredEvent] {
        let columns = try EventSubject.columns(in: database)
        return try Row.fetchAll(
            database, sql: "SELECT cursor, type, json, \(columns) FROM event WHERE \(condition)",
            arguments: arguments
        ).compactMap { row in
            guard let type = EventType(rawValue: row.text("type")) else { return nil }
            return StoredEvent(
                cursor: row["cursor"] as Int64? ?? 0, type: type, subject: EventSubject(row),
                json: row["json"] as String? ?? "{}")
        }
    }

    fileprivate static func fetch(from database: Database, at cursors: [Int64]) throws -> [Int64: StoredEvent] {
        let list = "[\(cursors.map(String.init).joined(separator: ","))]"
        let events = try fetch(
            from: database, where: "cursor IN (SELECT value FROM json_each(?))", arguments: [list])
        return Dictionary(events.map { ($0.cursor, $0) }) { first, _ in first }
    }
}

/// An event on its way into the table.
struct Event {
    let type: EventType
    let subject: EventSubject
    let json: String

    /// Adds the event at the end.
    func insert(into database: Database) throws {
        let row: RowValues = [
            "type": type.rawValue, "coder": subject.coder, "latent": subject.latent, "json": json,
            "node": subject.node, "explained_by": subject.explainedBy, "control": subject.control,
            "job": subject.job?.description, "explanation": subject.explanation?.description,
        ]
        try row.insert(into: "event", database)
    }
}
