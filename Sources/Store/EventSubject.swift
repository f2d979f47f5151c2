public import Elements
import GRDB
public import Hashing

/// The subject of an event, by which readers select events.
public struct EventSubject: Sendable, Hashable {
    /// The id of the encode node.
    public let coder: String
    /// The latent.
    public let latent: Int
    /// The id of the node that reports it.
    public let node: String
    /// The explain node of a score's explanation; `nil` for any other event.
    public let explainedBy: String?
    /// The name of the control that a score is, or `comparison` for one that decides between two explanations; `nil` for neither.
    public let control: String?
    /// The job that made the result, or that failed; `nil` for a choice.
    public let job: JobID?
    /// The job of the explanation that the event reports, or that it scores; `nil` for a choice or a failure.
    public let explanation: JobID?

    init(
        coder: String, latent: Int, node: String, explainedBy: String? = nil, control: String? = nil,
        job: JobID? = nil, explanation: JobID? = nil
    ) {
        self.coder = coder
        self.latent = latent
        self.node = node
        self.explainedBy = explainedBy
        self.control = control
        self.job = job
        self.explanation = explanation
    }
}

extension EventSubject {
    /// What stands in place of a control's name for scores that decide between two explanations.
    public static let comparison = "comparison"

    /// The expressions for the columns that `init(_:)` reads; in a state from an earlier version they read the JSON.
    static func columns(in database: Database) throws -> String {
        let isMigrated = try database.columns(in: "event").contains { $0.name == "explained_by" }
        let names = ["node", "explained_by", "control", "job", "explanation"]
        return "coder, latent, " + names.map { isMigrated ? $0 : "\(fromJSON($0)) AS \($0)" }.joined(separator: ", ")
    }

    /// The migration that adds the columns.
    static func addColumns(to database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE event ADD COLUMN node TEXT NOT NULL DEFAULT '';
                ALTER TABLE event ADD COLUMN explained_by TEXT;
                ALTER TABLE event ADD COLUMN control TEXT;
                ALTER TABLE event ADD COLUMN job TEXT;
                ALTER TABLE event ADD COLUMN explanation TEXT;
                UPDATE event SET
                    node = coalesce(\(fromJSON("node")), ''), explained_by = \(fromJSON("explained_by")),
                    control = \(fromJSON("control")), job = \(fromJSON("job")), explanation = \(fromJSON("explanation"));
                """)
    }

    /// The expression that gives a column's value from an event's JSON.
    private static func fromJSON(_ column: String) -> String {
        let value =
            column == "explanation"
            ? "coalesce(json ->> 'explanation_job', iif(type = 'explanation', json ->> 'job', NULL))"
            : "json ->> '\(column)'"
        // An event whose JSON is damaged is reported all the same.
        return "iif(json_valid(json), \(value), NULL)"
    }

    /// Reads the columns given by `columns(in:)`.
    init(_ row: Row) {
        self.init(
            coder: row.text("coder"), latent: row.integer("latent"), node: row.text("node"),
            explainedBy: row["explained_by"] as String?, control: row["control"] as String?,
            job: (row["job"] as String?).flatMap { JobID($0) },
            explanation: (row["explanation"] as String?).flatMap { JobID($0) })
    }
}
