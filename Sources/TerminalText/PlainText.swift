/// Text of records, models, files and servers made fit for a terminal: nothing in it steers the terminal, tears a line
/// or turns the direction of text.
package enum PlainText {
    /// The text on one line: line breaks and tabs become blanks, what steers a terminal is left out.
    package static func line(_ text: String) -> String {
        guard !isPlain(text, keepsLineFeeds: false) else { return text }
        var scalars = String.UnicodeScalarView()
        var followsReturn = false
        for scalar in text.unicodeScalars {
            defer { followsReturn = scalar == "\r" }
            if isBreak(scalar) {
                if !(followsReturn && scalar == "\n") { scalars.append(" ") }
            } else if !steers(scalar) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// The text of several lines, each as `line` gives it; only line feeds part them.
    package static func lines(_ text: String) -> String {
        guard !isPlain(text, keepsLineFeeds: true) else { return text }
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line(String($0)) }.joined(separator: "\n")
    }

    /// A JSON text on one line, whose strings have escapes where a terminal could take a character for a control.
    ///
    /// A reader of JSON gets the same strings from it.
    package static func json(_ text: String) -> String {
        guard !isPlain(text, keepsLineFeeds: false) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            // Between tokens only: inside strings JSON has them as escapes.
            case "\n", "\r", "\t": result.append(" ")
            case _ where isBreak(scalar) || steers(scalar):
                let digits = String(scalar.value, radix: 16)
                result.append(
                    contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isPlain(_ text: String, keepsLineFeeds: Bool) -> Bool {
        let isASCII = text.utf8.allSatisfy { (0x20..<0x7f).contains($0) || keepsLineFeeds && $0 == 0x0a }
        return isASCII
            || text.unicodeScalars.allSatisfy {
                keepsLineFeeds && $0 == "\n" || !(isBreak($0) || steers($0))
            }
    }

    /// Whether a reader may take a scalar for the end of a line, or for a stop within one.
    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Whether a scalar is a C0 or C1 control, or turns the direction of text.
    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
