import LatentSheets
import TerminalText

/// A window on one line, with the tokens set apart at which the latent fires.
struct MarkedLine {
    let form: SheetPrinter.Form

    /// The backgrounds of the four levels among a terminal's 256 colours, from faint to strong.
    private static let backgrounds = [223, 216, 209, 202]

    /// The window in at most `room` columns, cut round its strongest token.
    func text(of example: SheetExample, room: Int) -> String {
        let pieces = example.pieces
        let centre = example.peakPiece ?? 0
        var range = centre..<min(centre + 1, pieces.count)
        var used = range.reduce(0) { $0 + length(pieces[$1]) }
        // Two places more on the left than on the right: a token is read by what comes before it.
        var turn = 0
        while range.lowerBound > 0 || range.upperBound < pieces.count {
            let goesLeft = range.lowerBound > 0 && (turn % 3 != 2 || range.upperBound == pieces.count)
            let next = goesLeft ? range.lowerBound - 1 : range.upperBound
            let width = length(pieces[next])
            // An ellipsis may have to stand at each end.
            guard used + width + 2 <= room else { break }
            used += width
            range = goesLeft ? next..<range.upperBound : range.lowerBound..<next + 1
            turn += 1
        }
        let text = range.map { marked(pieces[$0]) }.joined()
        return (range.lowerBound > 0 ? "…" : "") + text + (range.upperBound < pieces.count ? "…" : "")
    }

    private func marked(_ piece: TokenPiece) -> String {
        let text = PlainText.line(piece.text)
        guard piece.level > 0 else { return text }
        return switch form {
        case .plain: "[\(text):\(piece.level)]"
        case .coloured: "\u{1B}[30;48;5;\(Self.backgrounds[min(piece.level, 4) - 1])m\(text)\u{1B}[0m"
        }
    }

    private func length(_ piece: TokenPiece) -> Int {
        let text = PlainText.line(piece.text).count
        return form == .plain && piece.level > 0 ? text + 4 : text
    }
}
