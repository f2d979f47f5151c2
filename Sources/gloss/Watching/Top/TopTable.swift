import TerminalText

/// A table as wide as what is in it: columns that do not fit are left out, the least important first.
struct TopTable {
    /// A column.
    struct Column {
        let title: String
        /// How soon it is left out: the largest first, of two that are alike the one further right; 0 for never.
        var rank = 0
        var isRight = false
        /// Whether it takes the room that is left, and cuts what does not fit.
        var takesRest = false
    }

    /// Blanks between two columns.
    private static let gap = 2
    /// The least room for a column that takes the rest.
    private static let leastRest = 12

    let columns: [Column]
    /// Cells, one for each column.
    let rows: [[TopPiece]]

    /// The header and the rows, each no wider than `width`.
    func lines(width: Int) -> (header: TopLine, rows: [TopLine]) {
        let natural = columns.indices.map { column in
            rows.reduce(DisplayWidth.of(columns[column].title)) { max($0, DisplayWidth.of($1[column].text)) }
        }
        // A column without anything in it says nothing.
        var kept = columns.indices.filter { column in
            columns[column].rank == 0 || rows.isEmpty || rows.contains { !$0[column].text.isEmpty }
        }
        func least(_ column: Int) -> Int {
            columns[column].takesRest ? min(natural[column], Self.leastRest) : natural[column]
        }
        func total() -> Int { kept.reduce(0) { $0 + least($1) } + Self.gap * max(0, kept.count - 1) }
        while total() > width,
            let drop = kept.filter({ columns[$0].rank > 0 }).max(by: {
                (columns[$0].rank, $0) < (columns[$1].rank, $1)
            })
        {
            kept.removeAll { $0 == drop }
        }
        let rest = max(0, width - total())
        let widths = kept.map { columns[$0].takesRest ? min(natural[$0], least($0) + rest) : natural[$0] }
        func line(_ cells: [TopPiece]) -> TopLine {
            var pieces: [TopPiece] = []
            for (place, column) in kept.enumerated() {
                var piece = cells[column]
                let isLast = place == kept.count - 1
                piece.text = DisplayWidth.cut(piece.text, to: widths[place])
                let padded = DisplayWidth.padded(
                    piece.text, to: widths[place], isRight: columns[column].isRight)
                pieces.append(TopPiece(isLast && !columns[column].isRight ? piece.text : padded, piece.style))
                if !isLast { pieces.append(TopPiece(String(repeating: " ", count: Self.gap))) }
            }
            return TopLine(pieces).cut(to: width)
        }
        return (line(columns.map { TopPiece($0.title, .dim) }), rows.map(line))
    }
}
