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

    /// The lines of each row, the first of which is the heading, in at most `width` columns as far as cells allow.
    ///
    /// If the columns are too wide together their least widths are given up. If that does not suffice, the last columns stand
    /// below their row, each cell after its heading.
    package func fitted(_ rows: [[String]], to width: Int) -> [[String]] {
        guard let heading = rows.first else { return [] }
        let loose = lines(of: rows)
        guard loose.contains(where: { length($0) > width }) else { return loose.map { [$0] } }
        let close = TextTable(
            indent: indent, gap: gap, rightAligned: rightAligned, widening: .column, trimsRows: true)
        let closeLines = close.lines(of: rows)
        guard closeLines.contains(where: { length($0) > width }) else { return closeLines.map { [$0] } }
        let columns = close.widths(of: plain(rows))
        var (kept, used) = (0, indent)
        while kept < columns.count, kept == 0 || used + columns[kept] - gap <= width {
            used += columns[kept]
            kept += 1
        }
        let above = close.lines(of: rows.map { Array($0.prefix(kept)) })
        let margin = String(repeating: " ", count: indent + 2)
        return rows.indices.map { row in
            guard row > 0 else { return [above[row]] }
            let below = zip(heading, rows[row]).dropFirst(kept).map { "\($0) \($1)" }.joined(separator: ", ")
            return [above[row]] + WrappedText.lines(margin + PlainText.line(below), width: width, hanging: 0)
        }
    }

    /// The columns that a line takes without the spaces at its end.
    private func length(_ line: String) -> Int { line.count - line.reversed().prefix { $0 == " " }.count }

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
