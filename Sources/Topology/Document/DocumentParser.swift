import Yams

/// Parses the text of a file to a tree with marks.
struct DocumentParser {
    /// The most bytes a file may have.
    static let largestFile = 1 << 20

    /// The variables; `nil` if none are replaced.
    let environment: [String: String]?

    /// The tree of the file; `nil` if there is none, and the reason is added to the findings.
    func parse(_ written: String, into findings: inout Findings) -> MarkedTree? {
        var text = written
        text.makeContiguousUTF8()
        if text.unicodeScalars.first == "\u{FEFF}" { text = String(text.unicodeScalars.dropFirst()) }
        guard text.utf8.count <= Self.largestFile else {
            findings.add(
                .tooLarge, at: SourceMark(line: 1, column: 1), "the file is larger than \(Self.largestFile) bytes")
            return nil
        }
        guard AliasBudget.allows(text) else {
            findings.add(
                .tooLarge, at: SourceMark(line: 1, column: 1), "the file has too many anchors and aliases",
                help: "write values out")
            return nil
        }
        var duplicates = DuplicateKeys(text: text)
        let lines = SourceLines(text)
        while true {
            do {
                let parser = try Yams.Parser(yaml: duplicates.text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    findings.add(.emptyFile, at: SourceMark(line: 1, column: 1), "the file is empty")
                    return nil
                }
                var composer = TreeComposer(lines: lines, duplicates: duplicates, environment: environment)
                return composer.tree(of: root, into: &findings)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let place = DuplicateKeys.Place(line: context.mark.line, scalarColumn: context.mark.column)
                if let key = keys.first, duplicates.replace(key, at: place) { continue }
                findings.add(
                    .duplicateKey, at: lines.mark(line: place.line, scalarColumn: place.scalarColumn),
                    "a key is given more than once in the same mapping")
                return nil
            } catch {
                let fault = SyntaxFault(error, in: text, lines: lines)
                findings.add(fault.code, at: fault.mark, fault.message, help: fault.help)
                return nil
            }
        }
    }
}
