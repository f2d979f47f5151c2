import Yams

/// Describes why a text is not valid YAML.
struct SyntaxFault {
    let code: DiagnosticCode
    let mark: SourceMark
    let message: String
    var help: String?

    init(_ error: any Error, in text: String, lines: SourceLines) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // An unclosed bracket or quote is reported at the end of the file, not at the place where it was opened.
            let isAtEnd = mark.line >= lines.count && lines.line(mark.line)?.isEmpty != false
            let shown = isAtEnd ? context?.mark ?? mark : mark
            self.mark = lines.mark(line: shown.line, scalarColumn: shown.column)
            if lines.line(mark.line)?.contains("${") == true {
                help = "between `{` and `}`, a text with `${…}` must be in quotes"
            }
            if problem.hasPrefix("Maximum nesting level") {
                code = .tooDeep
                message = TreeComposer.tooDeepMessage
            } else {
                code = .syntax
                let place = context.map { ", \($0.text) that starts in line \($0.mark.line)" } ?? ""
                message =
                    problem == "but found another document"
                    ? "the file holds more than one document" : "not valid YAML: \(problem)\(place)"
            }
        case .reader(let problem, let offset, _, _):
            code = .syntax
            let index = offset.flatMap { text.index(text.startIndex, offsetBy: $0, limitedBy: text.endIndex) }
            mark = index.map { lines.mark(of: $0) } ?? SourceMark(line: 1, column: 1)
            message = "not valid YAML: \(problem)"
        default:
            code = .syntax
            mark = SourceMark(line: 1, column: 1)
            message = "not valid YAML"
        }
    }
}
