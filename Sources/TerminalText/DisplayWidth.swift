/// How many columns of a terminal a text takes.
///
/// Source: Unicode Standard Annex #11, "East Asian Width", and Unicode Technical Standard #51, "Unicode Emoji".
package enum DisplayWidth {
    /// The columns of a text without controls.
    package static func of(_ text: some StringProtocol) -> Int {
        // Most lines are ASCII, where a byte is a column.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns(of: $1) }
    }

    /// The text, cut to at most so many columns; a text that is cut ends in `mark`.
    package static func cut(_ text: String, to width: Int, mark: Character = "…") -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var (result, used) = ("", 0)
        for character in text {
            let columns = columns(of: character)
            guard used + columns <= width - 1 else { break }
            result.append(character)
            used += columns
        }
        return result + String(mark)
    }

    /// The text with blanks after it, or before it, up to so many columns.
    package static func padded(_ text: String, to width: Int, isRight: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - of(text)))
        return isRight ? space + text : text + space
    }

    private static func columns(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        let properties = first.properties
        if character.unicodeScalars.contains(where: { $0 == "\u{FE0F}" || $0.properties.isEmojiPresentation }) {
            return 2
        }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return isWide(first.value) ? 2 : 1
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
