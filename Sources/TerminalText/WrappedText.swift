/// Lines broken between words so that they fit a terminal.
package enum WrappedText {
    /// The least number of columns into which text is broken.
    private static let leastWidth = 8

    /// A line as lines of at most `width` columns; a word that is longer stands on a line of its own.
    ///
    /// Further lines begin `hanging` columns after where the first one's text begins.
    package static func lines(_ line: String, width: Int, hanging: Int = 2) -> [String] {
        guard line.count > width else { return [line] }
        let indent = line.prefix { $0 == " " }.count + hanging
        let margin = String(repeating: " ", count: min(indent, max(0, width - leastWidth)))
        var (lines, rest) = ([String](), Array(line))
        while rest.count > width {
            let begin = rest.firstIndex { $0 != " " } ?? 0
            // A break before the first word would give an empty line.
            let end =
                rest[...width].lastIndex { $0 == " " }.flatMap { $0 > begin ? $0 : nil }
                ?? rest[begin...].firstIndex { $0 == " " } ?? rest.count
            lines.append(trimmed(rest[..<end]))
            let remainder = rest[end...].drop { $0 == " " }
            guard !remainder.isEmpty else { return lines }
            rest = Array(margin) + remainder
        }
        return lines + [trimmed(rest[...])]
    }

    private static func trimmed(_ text: ArraySlice<Character>) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}
