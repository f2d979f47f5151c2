import Elements
import GRDB

extension StoreReading {
    /// The replays that were begun and of which it is not known whether anything was sent, by letter.
    public func begunReplays() throws(StoreError) -> [BegunReplay] {
        let path = connection.path
        return try connection.read { database in
            guard try database.tableExists(ReplayTable.name) else { return [] }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT dead_letter.*, replay.start AS start, replay.count AS count
                    FROM dead_letter_replay AS replay JOIN dead_letter ON dead_letter.sequence = replay.letter
                    WHERE replay.target IS NULL ORDER BY replay.letter
                    """)
            return try rows.map { row in
                let stored = try StoredDeadLetter(row, path: path)
                return BegunReplay(
                    letter: stored.sequence, position: stored.letter.position, start: row["start"] as Int64? ?? 0,
                    count: Int(clamping: row["count"] as Int64? ?? 0))
            }
        }
    }

    /// What is known of the replays of some dead letters, by number.
    public func replayStates(of letters: [StoredDeadLetter]) throws(StoreError) -> [Int64: ReplayState] {
        try connection.read { database in
            // A reader may come before the daemon has brought the tables up to date.
            guard try database.tableExists(ReplayTable.name) else { return [:] }
            var states: [Int64: ReplayState] = [:]
            for letter in letters {
                let row = try Row.fetchOne(
                    database, sql: "SELECT target FROM dead_letter_replay WHERE letter = ?",
                    arguments: [letter.sequence])
                let target = row.flatMap { $0[0] as Int64? }
                let begun = target.map { ReplayState.Progress.sent(offset: $0 < 0 ? nil : $0) } ?? .begun
                states[letter.sequence] = ReplayState(
                    earlier: try ReplayTable.count(ofWhatWasSentTo: letter.letter.position, in: database),
                    progress: row == nil ? .notBegun : begun)
            }
            return states
        }
    }

    /// The number of dead letters of which no replay was begun, by node and code as they are asked for.
    public func unreplayedCount(node: String? = nil, code: String? = nil) throws(StoreError) -> Int {
        try connection.read { database in
            let isKnown = try database.tableExists(ReplayTable.name)
            let open = "NOT EXISTS (SELECT 1 FROM dead_letter_replay WHERE letter = dead_letter.sequence)"
            return try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM dead_letter
                    WHERE (?1 IS NULL OR node = ?1) AND (?2 IS NULL OR code = ?2) AND \(isKnown ? open : "TRUE")
                    """, arguments: [node, code]) ?? 0
        }
    }
}

/// The table of replays.
enum ReplayTable {
    static let name = "dead_letter_replay"
    /// The target of what was sent to an offset that the broker does not say.
    static let unknownOffset: Int64 = -1

    /// How often the record at a position has been sent again by then; 0 if it is no replay of this state.
    static func count(ofWhatWasSentTo position: RecordPosition, in database: Database) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                SELECT max(replay.count) FROM dead_letter_replay AS replay
                JOIN dead_letter ON dead_letter.sequence = replay.letter
                WHERE replay.target = ? AND dead_letter.topic = ? AND dead_letter.partition = ?
                """)
        let count = try Int64.fetchOne(
            statement, arguments: [position.offset, position.topic, position.partition])
        return Int(clamping: count ?? 0)
    }
}
