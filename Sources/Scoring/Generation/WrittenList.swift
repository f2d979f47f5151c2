/// Reads the texts out of an answer: a numbered list.
enum WrittenList {
    /// The most characters of a text that are looked at.
    private static let longest = 2000

    /// The texts of a list, in its order; none of an answer that is no list, such as a refusal.
    ///
    /// A line without a number goes on with the text before it if a further number follows, as where a model breaks the lines of
    /// program code; ends of lines and tabs that stand as signs are put back. Of an answer that was cut off the last line is left out.
    static func texts(in answer: String, wanted: Int, isCut: Bool) -> [String] {
        var lines = answer.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if isCut, !lines.isEmpty { lines.removeLast() }
        var texts: [String] = []
        // Lines after the latest number, which count once another number comes.
        var pending: [Substring] = []
        for line in lines {
            if let text = item(line, number: texts.count + 1) {
                if !texts.isEmpty { texts[texts.count - 1] += pending.map { "\n" + $0 }.joined() }
                pending = []
                guard texts.count < wanted else { break }
                texts.append(text)
            } else if !texts.isEmpty, line.contains(where: { !$0.isWhitespace }), !isFence(line) {
                pending.append(line)
            }
        }
        return texts.map(plain).filter { !$0.isEmpty }
    }

    /// What stands behind a number, a point or bracket and a space; `nil` for a line that does not begin with that number.
    private static func item(_ line: Substring, number: Int) -> String? {
        let line = line.drop(while: \.isWhitespace)
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        guard Int(digits) == number else { return nil }
        let rest = line.dropFirst(digits.count)
        guard let mark = rest.first, [".", ")", ":"].contains(mark) else { return nil }
        let text = rest.dropFirst()
        guard let space = text.first, space.isWhitespace else { return nil }
        return String(text.dropFirst())
    }

    private static func isFence(_ line: Substring) -> Bool { line.drop(while: \.isWhitespace).hasPrefix("```") }

    private static func plain(_ text: String) -> String {
        let trimmed = text.drop(while: \.isWhitespace).prefix(longest)
        let end = trimmed.lastIndex { !$0.isWhitespace }.map { trimmed.index(after: $0) } ?? trimmed.startIndex
        return String(trimmed[..<end]).replacing("⏎", with: "\n").replacing("⇥", with: "\t")
    }
}
