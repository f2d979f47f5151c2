public import Elements
import GRDB
public import Hashing

/// What is stored of a latent, without the texts: what decides which of its results a page shows.
public struct LatentOutline: Sendable, Hashable {
    /// An explanation, by what decides whether it stands.
    public struct ExplanationOutline: Sendable, Hashable {
        /// The job that made it.
        public let job: JobID
        /// The id of the explain node.
        public let node: String
        /// Whether it was made again, to challenge another.
        public let isChallenger: Bool
    }

    /// A choice, by what came of it.
    public struct ChoiceOutline: Sendable, Hashable {
        /// The id of the explain node.
        public let node: String
        /// The explanation that stood.
        public let standing: JobID
        /// The explanation that challenged it.
        public let challenger: JobID
        /// What was chosen.
        public let outcome: ChoiceOutcome
    }

    /// The latent.
    public let key: LatentKey
    /// The place of its share among those that are joined, whose numbers its events have; 0 of the state of one process.
    public internal(set) var share = 0
    /// Its events, the oldest first.
    public internal(set) var events: [EventOutline] = []
    /// Its explanations, in no order.
    public internal(set) var explanations: [ExplanationOutline] = []
    /// The choices between them, in no order.
    public internal(set) var choices: [ChoiceOutline] = []
}

extension StoreReading {
    /// The outlines of the latents that `latents(coder:after:limit:)` gives, all of a share of the same moment.
    ///
    /// However many latents there are, it takes the same few statements, each of which reads one range of an index.
    public func outlines(
        coder: String? = nil, after last: LatentKey? = nil, limit: Int
    ) throws(StoreError) -> [LatentOutline] {
        var parts = try connection.readEach { database, path -> [LatentOutline]? in
            let keys = try LatentKey.fetch(from: database, coder: coder, after: last, limit: limit)
            guard let first = keys.first, let last = keys.last else { return [] }
            let range = RowCondition.latents(from: first, through: last)
            var outlines = LatentOutlines(keys)
            let events = try Row.fetchCursor(
                database,
                sql: range.selecting(
                    "\(EventSubject.columns(in: database)), cursor, type FROM event", order: "cursor"),
                arguments: range.arguments)
            while let row = try events.next() {
                guard let type = EventType(rawValue: row.text("type")) else { continue }
                let event = EventOutline(cursor: row["cursor"] as Int64? ?? 0, type: type, subject: EventSubject(row))
                outlines.update(LatentKey(row)) { $0.events.append(event) }
            }
            // An earlier version, which had no choices, made no explanation again either.
            let hasChoices = try database.tableExists("choice")
            let again = hasChoices ? "standing, reason" : "NULL AS standing, NULL AS reason"
            try range.read("coder, latent, job, node, \(again) FROM explanation", database) { row in
                guard let explanation = LatentOutline.ExplanationOutline(row) else {
                    throw StoreError.damaged(path: path, reason: "a row of the explanation table cannot be read")
                }
                outlines.update(row.latent) { $0.explanations.append(explanation) }
            }
            guard hasChoices else { return outlines.inOrder }
            try range.read("coder, latent, node, standing, challenger, outcome FROM choice", database) { row in
                guard let choice = LatentOutline.ChoiceOutline(row) else {
                    throw StoreError.damaged(path: path, reason: "a row of the choice table cannot be read")
                }
                outlines.update(row.latent) { $0.choices.append(choice) }
            }
            return outlines.inOrder
        }
        for share in parts.indices.dropFirst() {
            parts[share] = parts[share]?.map { outline in
                var outline = outline
                outline.share = share
                return outline
            }
        }
        let all = try connection.joined(parts, latent: \.key) {
            ($0.key.coder, $0.key.latent) < ($1.key.coder, $1.key.latent)
        }
        return Array((all ?? []).prefix(max(limit, 0)))
    }
}

extension RowCondition {
    /// The statement for the rows of a table that it holds for, by coder and latent and `order`.
    fileprivate func selecting(_ selection: String, order: String? = nil) -> String {
        "SELECT \(selection) WHERE \(sql) ORDER BY coder, latent\(order.map { ", \($0)" } ?? "")"
    }

    /// Gives the rows of explanations or choices that it holds for.
    fileprivate func read(_ selection: String, _ database: Database, _ body: (ResultRow) throws -> Void) throws {
        let rows = try ResultRows(database, sql: selecting(selection), arguments: arguments)
        while let row = try rows.next() { try body(row) }
    }
}

/// Outlines on their way, found by the rows that belong to them.
private struct LatentOutlines {
    private(set) var inOrder: [LatentOutline]
    private let places: [LatentKey: Int]

    init(_ keys: [LatentKey]) {
        inOrder = keys.map { LatentOutline(key: $0) }
        places = Dictionary(zip(keys, keys.indices)) { first, _ in first }
    }

    /// Changes the outline of a latent, if it is among these.
    mutating func update(_ latent: LatentKey, _ change: (inout LatentOutline) -> Void) {
        if let place = places[latent] { change(&inOrder[place]) }
    }
}

extension LatentOutline.ExplanationOutline {
    fileprivate init?(_ row: ResultRow) {
        guard let job = row.hash(.job) else { return nil }
        self.init(job: job, node: row.text(.node), isChallenger: ExplainedAgain(row) != nil)
    }
}

extension LatentOutline.ChoiceOutline {
    fileprivate init?(_ row: ResultRow) {
        guard let challenger = row.hash(.challenger), let standing = row.hash(.standing),
            let outcome = ChoiceOutcome(rawValue: row.text(.outcome))
        else { return nil }
        self.init(node: row.text(.node), standing: standing, challenger: challenger, outcome: outcome)
    }
}
