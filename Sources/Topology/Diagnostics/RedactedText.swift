/// A topology's text as it may be shown: secrets are left out, and what steers a terminal is.
///
/// Variables and `!secret` stand in a file by their names; what is left out is a secret written in plain, which a topology
/// may hold all the same, such as a password in a URL.
package enum RedactedText {
    private static let mark = "<secret>"

    /// The text of a file, line by line.
    package static func of(_ text: String) -> String {
        let lines = SourceLines(text)
        var result: [String] = []
        /// The indent of a line whose secret may go on in those after it.
        var secretIndent: Int?
        for number in 1...lines.count {
            let line = (lines.line(number) ?? "").map { $0 == "\t" ? " " : $0.isTerminalSafe ? $0 : "\u{FFFD}" }
            let indent = line.prefix { $0 == " " }.count
            if let above = secretIndent {
                if line.allSatisfy({ $0 == " " }) {
                    result.append("")
                    continue
                }
                if indent > above {
                    let isName = String(line.dropFirst(indent)).hasPrefix("!secret ")
                    result.append(isName ? String(line) : String(line.prefix(indent)) + mark)
                    continue
                }
                secretIndent = nil
            }
            if let start = SecretScan.start(in: line) {
                result.append(withoutUser(String(line[..<start])) + mark)
                secretIndent = indent
            } else {
                result.append(withoutUser(String(line)))
                if SecretScan.endsInKey(line) { secretIndent = indent }
            }
        }
        return result.joined(separator: "\n")
    }

    /// The line with the user and the password of each URL left out.
    private static func withoutUser(_ line: String) -> String {
        line.replacing(/:\/\/[^\/\s"']+@/) { _ in "://\(mark)@" }
    }
}
