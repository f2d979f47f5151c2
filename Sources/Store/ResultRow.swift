import Elements
import GRDB
import Hashing

/// A row of explanations, scores or choices, of which some columns may have been left out or come from a later version.
struct ResultRow {
    fileprivate let row: Row
    fileprivate let rows: ResultRows

    /// The value of a column; `nil` if there is none, or no such column.
    subscript<Value: DatabaseValueConvertible & StatementColumnConvertible>(column: ResultColumn) -> Value? {
        rows.places[column.rawValue].flatMap { row[$0] }
    }

    func text(_ column: ResultColumn) -> String { self[column] ?? "" }
    func integer(_ column: ResultColumn) -> Int { Int(self[column] as Int64? ?? 0) }
    func bits(_ column: ResultColumn) -> UInt64 { UInt64(bitPattern: self[column] as Int64? ?? 0) }
    func hash(_ column: ResultColumn) -> Hash128? { Hash128(text(column)) }

    /// The latent that the row is about.
    var latent: LatentKey { LatentKey(coder: text(.coder), latent: integer(.latent)) }

    var coder: CoderIdentity? { rows.coder(of: self) }
}

/// The rows that a statement gives, one after the other.
///
/// Columns are looked up once for all rows: by name each value would take several times as long to read.
final class ResultRows {
    /// The rows that are read before a reader is asked whether it goes on.
    static let part = 1024

    private let cursor: RowCursor
    /// By column, where it stands in a row; `nil` if it does not.
    fileprivate let places: [Int?]
    /// The coder that was read last, which is that of most rows, and its digest as it is written.
    private var latest: (coder: CoderIdentity, digest: String)?

    /// Runs a statement.
    init(_ database: Database, sql: String, arguments: StatementArguments = StatementArguments()) throws {
        cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        let found = Dictionary(zip(cursor.columnNames, cursor.columnNames.indices)) { first, _ in first }
        places = ResultColumn.allCases.map { found[$0.name] }
    }

    /// The next row, which holds until the one after it is asked for; `nil` after the last.
    func next() throws -> ResultRow? { try cursor.next().map { ResultRow(row: $0, rows: self) } }

    fileprivate func coder(of row: ResultRow) -> CoderIdentity? {
        let (name, digest) = (row.text(.coder), row.text(.coderDigest))
        if let latest, latest.digest == digest, latest.coder.name == name { return latest.coder }
        guard let value = Hash128(digest) else { return nil }
        let coder = CoderIdentity(
            name: name, hookpoint: row.text(.hookpoint), latents: row.integer(.latents), digest: value)
        latest = (coder, digest)
        return coder
    }
}
