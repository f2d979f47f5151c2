/// Rows of text in columns of one width each.
struct TextTable {
    let header: [String]
    /// The indices of columns with numbers.
    let rightAligned: Set<Int>
    let rows: [[String]]

    /// Columns two spaces apart, a line of dashes under the header, no space at the end of a line.
    var text: String {
        let lines = [header] + rows
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return rightAligned.contains(column) ? space + cell : cell + space
            }
            var text = padded.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text
        }
        let dashes = widths.map { String(repeating: "─", count: $0) }
        return ([line(header), line(dashes)] + rows.map(line)).joined(separator: "\n")
    }
}
