/// The line of a source that a diagnostic shows, made fit for a terminal, with the position of the caret.
struct SourceExcerpt {
    /// The line or the part of it around the mark.
    let line: String
    /// The number of characters before the caret.
    let caret: Int

    /// The most characters of a line that are shown.
    static let width = 160

    /// Cuts the line at the mark out of the source; `nil` if it holds nothing to show.
    init?(of source: SourceLines, at mark: SourceMark) {
        guard let text = source.line(mark.line) else { return nil }
        var characters = text.map { $0 == "\t" ? " " : $0.isTerminalSafe ? $0 : "\u{FFFD}" }
        guard characters.contains(where: { $0 != " " }) else { return nil }
        var caret = min(max(mark.column - 1, 0), characters.count)
        if let start = SecretScan.start(in: characters) {
            characters.replaceSubrange(start..., with: "<secret>")
            caret = min(caret, start)
        }
        if characters.count > Self.width {
            let start = max(0, min(caret - Self.width / 2, characters.count - Self.width))
            let isCutAtEnd = start + Self.width < characters.count
            characters = Array(characters[start..<min(start + Self.width, characters.count)])
            if start > 0 { characters[0] = "…" }
            if isCutAtEnd { characters[characters.count - 1] = "…" }
            caret -= start
        }
        line = String(characters)
        self.caret = caret
    }
}

extension Character {
    /// Whether a terminal shows it as itself: neither a control nor one that turns the direction of text.
    var isTerminalSafe: Bool { unicodeScalars.allSatisfy(\.isTerminalSafe) }
}

extension Unicode.Scalar {
    /// Whether a terminal shows it as itself: neither a control nor one that turns the direction of text.
    var isTerminalSafe: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
    }
}

extension String {
    /// The text on one line, with escapes for what a terminal would act upon.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isTerminalSafe {
                text.unicodeScalars.append(scalar)
            } else {
                text += scalar.escaped(asASCII: true)
            }
        }
        return text
    }
}
