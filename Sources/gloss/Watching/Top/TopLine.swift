import TerminalText

/// How a piece of a line is set apart, where the terminal has colours; what it says never depends on it.
enum TopStyle: Sendable, Hashable {
    case plain, bold, dim, good, bad, warning, selected

    /// The parameters of the sequence that sets it; `nil` for none.
    var code: String? {
        switch self {
        case .plain: nil
        case .bold: "1"
        case .dim: "2"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        case .selected: "7"
        }
    }
}

/// A piece of a line: text without controls, and its style.
struct TopPiece: Sendable, Hashable {
    var text: String
    var style = TopStyle.plain

    init(_ text: String, _ style: TopStyle = .plain) {
        self.text = PlainText.line(text)
        self.style = style
    }
}

/// A line of the screen.
struct TopLine: Sendable, Hashable {
    var pieces: [TopPiece]

    init(_ pieces: [TopPiece]) { self.pieces = pieces }

    init(_ text: String, _ style: TopStyle = .plain) { pieces = [TopPiece(text, style)] }

    /// The line without styles.
    var text: String { pieces.reduce(into: "") { $0 += $1.text } }

    /// The line, no wider than so many columns.
    func cut(to width: Int) -> TopLine {
        var left = width
        var result: [TopPiece] = []
        for piece in pieces where left > 0 {
            var piece = piece
            piece.text = DisplayWidth.cut(piece.text, to: left)
            left -= DisplayWidth.of(piece.text)
            result.append(piece)
        }
        return TopLine(result)
    }

    /// The line as it is written: with colours each piece that has a style is set, and taken back after it.
    func written(hasColour: Bool) -> String {
        guard hasColour else { return text }
        return pieces.reduce(into: "") { line, piece in
            guard let code = piece.style.code, !piece.text.isEmpty else { return line += piece.text }
            line += "\u{1B}[\(code)m\(piece.text)\u{1B}[0m"
        }
    }

    /// The whole line in one style.
    func styled(_ style: TopStyle) -> TopLine { TopLine(pieces.map { TopPiece($0.text, style) }) }
}
