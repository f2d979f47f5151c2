import Elements
import TerminalText

/// A marked passage cut to the width of a terminal.
enum PassageLine {
    private static let opening = "<<"
    private static let ellipsis = "…"
    /// The share of the room that stands before the first mark.
    private static let before = 3

    /// The passage in at most `width` characters, of which a third may stand before its first mark.
    static func cut(_ passage: String, to width: Int) -> String {
        let text = Array(PlainText.line(passage))
        guard text.count > width else { return String(text) }
        let mark = text.indices.first { text[$0...].starts(with: opening) } ?? 0
        let start = min(max(0, mark - width / before), text.count - width + 1)
        guard start > 1 else { return String(text.prefix(width - 1)) + ellipsis }
        let room = width - 2
        guard start + 1 + room < text.count else { return ellipsis + String(text.suffix(width - 1)) }
        return ellipsis + String(text[(start + 1)...].prefix(room)) + ellipsis
    }
}
