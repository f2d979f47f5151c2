import TerminalText

/// Draws a topology in Mermaid's language.
///
/// Source: Mermaid documentation, "Flowcharts - Basic Syntax". Nodes have ids of their own, since a word such as `end` is
/// no id there.
enum PipelineMermaid {
    /// The lines of the chart.
    static func lines(of sheet: PipelineSheet) -> [String] {
        let places = Dictionary(sheet.nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var lines = ["flowchart LR"]
        for (place, node) in sheet.nodes.enumerated() {
            lines.append("  n\(place)\(shape(of: node))")
        }
        for edge in sheet.edges {
            guard let from = places[edge.from], let to = places[edge.to] else { continue }
            let arrow =
                switch EdgeStroke(of: edge, in: sheet) {
                case .plain: "-->"
                case .heldUp: "==>"
                case .still: "-.->"
                }
            lines.append("  n\(from) \(arrow)|\(quoted([edge.label]))| n\(to)")
        }
        if let verdict = sheet.verdict { lines.append("  %% \(PlainText.line(verdict))") }
        return lines
    }

    private static func shape(of node: PipelineNode) -> String {
        let text = quoted(PipelineLabel.lines(of: node))
        return switch node.kind {
        case .source: "([\(text)])"
        case .stage: "[\(text)]"
        case .sink: "[[\(text)]]"
        }
    }

    private static func quoted(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            PlainText.line(line).replacing("#", with: "#35;").replacing("\"", with: "#quot;").replacing(
                "<", with: "#lt;"
            )
            .replacing(">", with: "#gt;")
        }
        return "\"\(escaped.joined(separator: "<br/>"))\""
    }
}
