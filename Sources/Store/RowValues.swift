import GRDB

/// A row on its way into a table: each column's name beside its value.
struct RowValues: ExpressibleByDictionaryLiteral {
    private let columns: [String]
    private let values: [(any DatabaseValueConvertible)?]

    init(dictionaryLiteral elements: (String, (any DatabaseValueConvertible)?)...) {
        columns = elements.map(\.0)
        values = elements.map(\.1)
    }

    /// Adds the row; with `key`, a column, not if there is one with that key's value already.
    /// - Returns: Whether the row was added.
    @discardableResult
    func insert(into table: String, unlessKnownBy key: String? = nil, _ database: Database) throws -> Bool {
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let rule = key.map { " ON CONFLICT (\($0)) DO NOTHING" } ?? ""
        let statement = try database.cachedStatement(
            sql: "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))\(rule)")
        try statement.execute(arguments: StatementArguments(values))
        return database.changesCount == 1
    }
}
