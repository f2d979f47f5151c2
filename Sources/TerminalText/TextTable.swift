/// The form in which rows of text are set in aligned columns.
package struct TextTable: Sendable {
    /// What a cell makes wider that does not fit into its column.
    package enum Widening: Sendable {
        /// The column, in every row.
        case column
        /// Its own row, whose further cells are then more to the right.
        case row
    }

    private let indent: Int
    private let minimumWidths: [Int]
    private let gap: Int
    private let rightAligned: Set<Int>
    private let widening: Widening
    private let trimsRows: Bool

    /// Makes a form of table.
    ///
    /// - Parameters:
    ///   - indent: The spaces before each row.
    ///   - minimumWidths: The least width of each column, with the gap after it; none for further columns.
    ///   - gap: The spaces after the longest cell of a column.
    ///   - rightAligned: The columns whose cells are right-aligned, such as numbers.
    ///   - widening: What a cell makes wider that does not fit.
    ///   - trimsRows: Whether spaces at the end of a row are left out.
    package init(
        indent: Int = 2, minimumWidths: [Int] = [], gap: Int = 1, rightAligned: Set<Int> = [],
        widening: Widening = .column, trimsRows: Bool = false
    ) {
        self.indent = indent
        self.minimumWidths = minimumWidths
        self.gap = gap
        self.rightAligned = rightAligned
        self.widening = widening
        self.trimsRows = trimsRows
    }

    /// The rows as lines; a cell is one line of plain text, whatever it is made of.
    package func lines(of rows: [[String]]) -> [String] {
        let rows = plain(rows)
        let columns = widths(of: rows)
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let width = widening == .column ? columns[column] : max(minimumWidth(of: column), cell.count + gap)
                let space = String(repeating: " ", count: max(0, width - gap - cell.count))
                let end = String(repeating: " ", count: min(gap, width))
                return (rightAligned.contains(column) ? space + cell : cell + space) + end
            }
            return String(repeating: " ", count: indent) + trimmed(cells.joined())
        }
    }

    /// A header with a line of dashes under each column, and the rows.
    package func lines(under header: [String], of rows: [[String]]) -> [String] {
        let widths = widths(of: plain([header] + rows))
        return lines(of: [header, widths.map { String(repeating: "─", count: $0 - gap) }] + rows)
    }

    private func plain(_ rows: [[String]]) -> [[String]] { rows.map { $0.map(PlainText.line) } }

    private func minimumWidth(of column: Int) -> Int { column < minimumWidths.count ? minimumWidths[column] : 0 }

    /// The width of each column with the gap after it.
    private func widths(of rows: [[String]]) -> [Int] {
        (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.reduce(minimumWidth(of: column)) { max($0, column < $1.count ? $1[column].count + gap : 0) }
        }
    }

    private func trimmed(_ text: String) -> String {
        guard trimsRows else { return text }
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
