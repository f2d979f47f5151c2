import Elements
import GRDB

/// What a table has a row of for a latent and a job: explanations, scores and choices.
protocol StoredRow {
    static var table: String { get }
    /// The order in which they are given.
    static var order: String { get }
    /// Whether a state of an earlier version may be without the table, and then has none of them.
    static var isNew: Bool { get }
    /// The latent that it is about.
    var key: LatentKey { get }
    /// Whether one comes before another of another latent in that order.
    static func precedes(_ left: Self, _ right: Self) -> Bool

    /// Reads a row, which may lack columns that `ResultParts` leaves out; `nil` if it cannot be read.
    ///
    /// - Parameter details: The details that are read; `nil` for all.
    init?(_ row: ResultRow, details: ResultParts.Details?)
}

extension StoredRow {
    static var isNew: Bool { false }

    /// Reads a row that is known to be one of this kind.
    ///
    /// - Throws: `damaged`, if it cannot be read.
    static func read(_ row: ResultRow, _ parts: ResultParts = .all, path: String) throws -> Self {
        guard let found = Self(row, details: parts.details) else {
            throw StoreError.damaged(path: path, reason: "a row of the \(table) table cannot be read")
        }
        return found
    }
}

extension StoreReading {
    /// The rows of a kind for which one of some conditions holds: those of each condition in their order.
    ///
    /// - Returns: `nil` if `goesOn` is false after a part of them.
    func rows<Kind: StoredRow>(
        _ wanted: ResultParts = .all, where conditions: [RowCondition], while goesOn: () -> Bool = { true }
    ) throws(StoreError) -> [Kind]? {
        let parts = try connection.readEach { database, path -> [Kind]? in
            if Kind.isNew, try !database.tableExists(Kind.table) { return [] }
            let columns = try wanted.columns(of: Kind.table, in: database)
            var found: [Kind] = []
            for condition in conditions {
                let rows = try ResultRows(
                    database,
                    sql: "SELECT \(columns) FROM \(Kind.table) WHERE \(condition.sql) ORDER BY \(Kind.order)",
                    arguments: condition.arguments)
                while let row = try rows.next() {
                    if !found.isEmpty, found.count % ResultRows.part == 0, !goesOn() { return nil }
                    found.append(try Kind.read(row, wanted, path: path))
                }
            }
            return found
        }
        return try connection.joined(parts, latent: \.key, by: Kind.precedes)
    }

    /// The same, read to the end.
    func rows<Kind: StoredRow>(
        _ wanted: ResultParts = .all, where condition: RowCondition
    ) throws(StoreError) -> [Kind] {
        try rows(wanted, where: [condition]) ?? []
    }
}
