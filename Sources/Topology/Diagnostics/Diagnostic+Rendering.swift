extension Diagnostic {
    /// The diagnostic for a terminal: `file:line:col: CODE message`, the source line, a caret line and the help.
    ///
    /// `source` is the text of the file. Control characters are shown as escapes, long lines are cut around the mark, and what
    /// follows the key of a password, a secret or a token is never printed. Ends without a newline.
    public func render(source: String, colour: Bool) -> String {
        render(lines: SourceLines(source), colour: colour)
    }

    func render(lines source: SourceLines, colour: Bool) -> String {
        let place = mark.map { "\(file):\($0.line):\($0.column):" } ?? "\(file):"
        let paint = Paint(isOn: colour)
        let severityColour = severity == .error ? Paint.red : Paint.yellow
        var lines = [
            "\(paint.text(place.printable, Paint.bold)) \(paint.text(code.printable, severityColour)) \(message.printable)"
        ]
        if let mark, let excerpt = SourceExcerpt(of: source, at: mark) {
            lines.append("    " + excerpt.line)
            lines.append("    " + String(repeating: " ", count: excerpt.caret) + paint.text("^", severityColour))
        }
        if let help { lines.append("    " + paint.text("help:", Paint.bold) + " " + help.printable) }
        return lines.joined(separator: "\n")
    }
}

extension Sequence where Element == Diagnostic {
    /// The diagnostics of one file one after the other, as `Diagnostic.render` gives each; every line ends with a newline.
    public func render(source: String, colour: Bool) -> String {
        let lines = SourceLines(source)
        return map { $0.render(lines: lines, colour: colour) + "\n" }.joined()
    }
}

/// ANSI colours, or none.
private struct Paint {
    static let bold = "1"
    static let red = "1;31"
    static let yellow = "1;33"

    let isOn: Bool

    func text(_ text: String, _ style: String) -> String {
        isOn ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
}
