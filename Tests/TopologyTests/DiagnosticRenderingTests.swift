import Testing
import Topology

@Suite struct DiagnosticRenderingTests {
    private func diagnostic(line: Int, column: Int, help: String? = nil) -> Diagnostic {
        Diagnostic(
            .unknownField, file: "t.yaml", mark: SourceMark(line: line, column: column), message: "no such field",
            help: help)
    }

    @Test func printsPlaceCodeMessageLineCaretAndHelp() {
        let printed = diagnostic(line: 2, column: 3, help: "did you mean `b`?").render(
            source: "x\nab\tc", colour: false)
        #expect(
            printed == """
                t.yaml:2:3: E205 no such field
                    ab c
                      ^
                    help: did you mean `b`?
                """)
    }

    @Test func coloursNothingButPlaceCodeCaretAndHelp() {
        let printed = diagnostic(line: 1, column: 1, help: "h").render(source: "x", colour: true)
        #expect(
            printed == "\u{1B}[1mt.yaml:1:1:\u{1B}[0m \u{1B}[1;31mE205\u{1B}[0m no such field\n    x\n"
                + "    \u{1B}[1;31m^\u{1B}[0m\n    \u{1B}[1mhelp:\u{1B}[0m h")
        let warning = Diagnostic(.unreadOutput, file: "t.yaml", mark: nil, message: "m")
        #expect(warning.severity == .warning)
        #expect(warning.render(source: "", colour: true).contains("\u{1B}[1;33mW401"))
    }

    @Test func printsNoLineWithoutAMarkOrOutsideTheFile() {
        let whole = Diagnostic(
            severity: .error, file: "t.yaml", mark: nil, code: "E601", message: "no such file")
        #expect(whole.render(source: "x", colour: false) == "t.yaml: E601 no such file")
        for mark in [(0, 0), (-1, 5), (9, 1)] {
            let printed = diagnostic(line: mark.0, column: mark.1).render(source: "x", colour: false)
            #expect(!printed.contains("^"))
        }
        #expect(diagnostic(line: 1, column: 99).render(source: "x", colour: false).hasSuffix("    x\n     ^"))
    }

    @Test func showsControlCharactersWithoutSendingThem() {
        let diagnostic = Diagnostic(
            .unknownField, file: "t\u{7}.yaml", mark: SourceMark(line: 1, column: 1), message: "a\u{1B}[2Jb\nc\u{202E}")
        let printed = diagnostic.render(source: "x\u{1B}y\u{9B}z\u{202E}", colour: false)
        #expect(printed == "t\\u{07}.yaml:1:1: E205 a\\u{1B}[2Jb\\nc\\u{202E}\n    x\u{FFFD}y\u{FFFD}z\u{FFFD}\n    ^")
    }

    @Test func cutsLongLinesAroundTheMark() throws {
        let source = String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300)
        let lines = diagnostic(line: 1, column: 301).render(source: source, colour: false).split(separator: "\n")
        let shown = Array(lines[1].dropFirst(4))
        #expect(shown.count == 160 && shown.first == "…" && shown.last == "…")
        #expect(shown[lines[2].count - 5] == "X")
    }

    @Test(arguments: [
        ("sasl.password: hunter2", "sasl.password: <secret>"),
        ("{ a: b, \"ssl.key.password\" :  'hunter2', c: d }", "{ a: b, \"ssl.key.password\" :  <secret>"),
        ("API_KEY: hunter2", "API_KEY: <secret>"), ("client.secret: hunter2", "client.secret: <secret>"),
        ("api_key: !secret env:X", "api_key: !secret env:X"), ("api_key: !secretive hunter2", "api_key: <secret>"),
        ("secrets: { a: b }", "secrets: { a: b }"), ("tokens: hunter", "tokens: hunter"),
        ("token: { type: tokenize }", "token: { type: tokenize }"), ("password:", "password:"),
        ("password: !secret env:X, api_key: hunter2", "password: !secret env:X, api_key: <secret>"),
    ]) func neverPrintsASecretOfTheSourceLine(source: String, shown: String) {
        let lines = diagnostic(line: 1, column: 40).render(source: source, colour: false).split(separator: "\n")
        #expect(lines[1] == "    " + shown)
        #expect(lines[2].count <= lines[1].count + 1)
    }

    @Test func aSequenceIsPrintedOneByOne() {
        let both = [diagnostic(line: 1, column: 1), diagnostic(line: 2, column: 1)]
        let expected = both.map { $0.render(source: "x\ny", colour: false) + "\n" }.joined()
        #expect(both.render(source: "x\ny", colour: false) == expected)
    }

    @Test func everyCodeHasItsOwnMeaning() {
        let meanings = DiagnosticCode.allCases.map(\.meaning)
        #expect(Set(meanings).count == meanings.count)
        #expect(meanings.allSatisfy { $0.hasSuffix(".") })
    }
}
